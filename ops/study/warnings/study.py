"""The whole measurement: contact episodes of every pattern, clean manoeuvres of every family, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ops.bench.statistics import wilson
from ops.study.scenes import FAMILIES
from ops.study.simulator import Settings
from ops.study.warnings import clean, contact
from ops.study.warnings.clean import TO_WALL, CleanRow
from ops.study.warnings.contact import ALL_PATTERNS, WRONG_GEAR, Row
from ops.study.warnings.patterns import PATTERNS

LEAD = 1.0
"""What a second of lead is measured by [s]."""
SLOW, FAST = 2.0 / 3.6, 6.0 / 3.6
"""Speeds [m/s] for which the median lead is asked."""


class Leads(NamedTuple):
    """Contacts of one kind. Leads [s]; a miss has none and counts as 0."""

    episodes: int
    missed: int
    missed_95: float
    """Upper 95 % bound of the share missed."""
    lead_p1_s: float
    lead_p5_s: float
    lead_p50_s: float
    in_time: float
    """Share with a lead of at least `LEAD`."""
    in_time_95: tuple[float, float]
    warning_p50_s: float
    """Of the warning, the level below."""
    named: float
    """Share in which the pattern was named."""
    pdw_missed: float
    """Share in which a beeper's steady tone (30 cm) had not begun before the contact ..."""
    pdw_p50_s: float
    """... and its median lead."""


class Nuisance(NamedTuple):
    """Clean manoeuvres of one kind: signals per manoeuvre, and time sounding against a beeper's."""

    manoeuvres: int
    not_clean: int
    """Driven as well, but not counted."""
    critical: float
    warning: float
    sounding_s: float
    pdw_sounding_s: float
    tone_ratio: float | None


@dataclass
class Warnings:
    """Everything measured: a row for each episode, and the figures by name."""

    seed: int
    rows: list[Row] = field(default_factory=list)
    clean_rows: list[CleanRow] = field(default_factory=list)
    without_contact: int = 0
    """Episodes drawn that ended without the contact foreseen; each was replaced by another."""

    def leads(self) -> dict[str, Leads]:
        """By group: all; without what nobody could have warned of a second before; by pattern, by what is known, by
        speed."""
        rows = self.rows
        groups: dict[str, list[Row]] = {
            "all": rows,
            "possible": [r for r in rows if is_possible(r)],
            "short notice": [r for r in rows if r.short_notice],
            "sensed late": [r for r in rows if not r.short_notice and not is_possible(r)],
            "known to the map": [r for r in rows if r.known],
            "known and possible": [r for r in rows if r.known and is_possible(r)],
            "heard only": [r for r in rows if not r.known],
            "heard only and possible": [r for r in rows if not r.known and is_possible(r)],
            "2-6 km/h": [r for r in rows if SLOW <= r.speed_mps <= FAST],
            "2-6 km/h and possible": [r for r in rows if SLOW <= r.speed_mps <= FAST and is_possible(r)],
            "below 2 km/h": [r for r in rows if r.speed_mps < SLOW],
            "above 6 km/h": [r for r in rows if r.speed_mps > FAST],
        }
        groups |= {pattern: [r for r in rows if r.pattern == pattern] for pattern in ALL_PATTERNS}
        return {name: leads_of(group) for name, group in groups.items() if group}

    def nuisance(self) -> dict[str, Nuisance]:
        """By family; "expert" is all that follow a plan."""
        groups = {"expert": [r for r in self.clean_rows if r.family != TO_WALL]}
        groups |= {name: [r for r in self.clean_rows if r.family == name] for name in (*FAMILIES, TO_WALL)}
        return {name: nuisance_of(group) for name, group in groups.items() if group}

    def to_json(self) -> dict[str, Any]:
        """Figures and rows as plain data."""
        return {
            "seed": self.seed,
            "without_contact": self.without_contact,
            "leads": {name: figures._asdict() for name, figures in self.leads().items()},
            "nuisance": {name: figures._asdict() for name, figures in self.nuisance().items()},
            "rows": [row._asdict() for row in self.rows],
            "clean_rows": [row._asdict() for row in self.clean_rows],
        }


def is_possible(row: Row) -> bool:
    """Whether a second of warning was possible: the driver's action came sooner than that, and so did the first echo
    of what the map does not tell of."""
    return not row.short_notice and (row.sensed_s is None or row.sensed_s >= LEAD)


def leads_of(rows: Sequence[Row]) -> Leads:
    """Figures of at least one contact."""
    leads = np.array([row.critical_s or 0.0 for row in rows])
    missed = sum(row.critical_s is None for row in rows)
    in_time = int((leads >= LEAD).sum())
    low, high = wilson(in_time, len(rows))
    p1, p5, p50 = (round(float(np.percentile(leads, q)), 3) for q in (1, 5, 50))
    return Leads(
        len(rows),
        missed,
        round(wilson(missed, len(rows))[1], 5),
        p1,
        p5,
        p50,
        round(in_time / len(rows), 4),
        (round(low, 4), round(high, 4)),
        round(float(np.median([row.warning_s or 0.0 for row in rows])), 3),
        round(sum(row.named for row in rows) / len(rows), 4),
        round(sum(row.pdw_stop_s is None for row in rows) / len(rows), 4),
        round(float(np.median([row.pdw_stop_s or 0.0 for row in rows])), 3),
    )


def nuisance_of(rows: Sequence[CleanRow]) -> Nuisance:
    """Figures of manoeuvres; those that were not clean are left out of all but their number."""
    good = [row for row in rows if row.clean]
    count = max(1, len(good))
    sounding, beeping = sum(row.sounding_s for row in good), sum(row.pdw_sounding_s for row in good)
    return Nuisance(
        len(good),
        len(rows) - len(good),
        round(sum(row.critical for row in good) / count, 4),
        round(sum(row.warning for row in good) / count, 4),
        round(sounding / count, 3),
        round(beeping / count, 3),
        round(sounding / beeping, 4) if beeping > 0.0 else None,
    )


def study(
    episodes: int,
    manoeuvres: int,
    seed: int,
    *,
    families: Sequence[str] = tuple(FAMILIES),
    settings: Settings | None = None,
    on_done: Callable[[float], None] | None = None,
    found: Warnings | None = None,
) -> Warnings:
    """`episodes` contacts (see `_contacts`) and `manoeuvres` clean ones, families in turn, the last of them to a wall.

    Equal seeds give equal rows. on_done: told after each how many are done of both together. found: filled as
    the rows come, so that whoever stops halfway has those.
    """
    settings = settings or Settings()
    found = Warnings(seed) if found is None else found
    done = 0.0
    for pattern, number in _contacts(episodes, seed):
        row, extra = None, 0
        while row is None:
            row = contact.measure(pattern, number + extra * 1_000_003, settings)
            found.without_contact += row is None
            extra += 1
        found.rows.append(row)
        done += 1.0
        if on_done is not None:
            on_done(done)
    for family, number in _turns((*families, TO_WALL), manoeuvres, seed):
        found.clean_rows.append(clean.measure(family, number, settings))
        done += 1.0
        if on_done is not None:
            on_done(done)
    return found


def _contacts(count: int, seed: int) -> Iterator[tuple[str, int]]:
    """The patterns in turn, and in every fiftieth place the wrong gear: it takes a whole drive to get there."""
    for i, (pattern, number) in enumerate(_turns(PATTERNS, count, seed)):
        yield (WRONG_GEAR, seed * 1_000_000 + i // 50) if i % 50 == 49 else (pattern, number)


def _turns(names: Sequence[str], count: int, seed: int) -> Iterator[tuple[str, int]]:
    """`count` pairs of a name and a number; each name has its own row of numbers from `seed` on."""
    for i in range(count):
        yield names[i % len(names)], seed * 1_000_000 + i // len(names)
