"""The parts of the study: parking, warnings, tick, rubrics, score. Each gives figures as plain data, ready for JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from controllers.kernel_cache import cache_root
from ops.study.figures import by_group, group, plain, pooled, quantile
from ops.study.parking import Case, Row
from ops.study.runner import Journal, run_cases, sources_digest, spread_over

Part = Literal["parking", "warnings", "tick", "rubrics", "score"]
PARTS: tuple[Part, ...] = get_args(Part)
PERPENDICULAR = Path(__file__).resolve().parents[2] / "worlds" / "perpendicular.wbt"
CHUNK = 200
"""Contacts in one piece of the warnings part; what is done is kept after each."""

Tell = Callable[[float], None]


class Size(NamedTuple):
    """How much of everything."""

    episodes: int = 100
    """Of each family, driver and help."""
    contacts: int = 10_000
    manoeuvres: int = 2_000
    frames: int = 1_000_000
    sessions: int = 500
    faults: int = 10
    """Episodes of each family in which each bad habit is put in."""


QUICK = Size(episodes=2, contacts=60, manoeuvres=14, frames=20_000, sessions=60, faults=1)
CAUSE_FAMILIES = ("perpendicular", "angled60", "parallel1.5")
HOLD_OUT = 100
"""Habits are put into episodes from this many seeds on: the finders were made on earlier ones."""
LEARNERS, SESSIONS_EACH = 200, 10
"""Of the score's validity (DOMAIN.md 10, line 11)."""


def parking(chosen: Sequence[Case], *, jobs: int, fresh: bool, on_done: Tell) -> tuple[dict[str, Any], list[Row]]:
    """Figures by family, driver and help, pooled over drivers, and each row.

    Groups of these learners and seeds that were driven earlier, with the same sources, are counted too: so a large
    study may be driven family by family.
    """
    journal = Journal()
    if fresh:
        journal.forget(chosen)
    done = 0.0

    def count(_: Row) -> None:
        nonlocal done
        done += 1.0
        on_done(done)

    rows = run_cases(chosen, jobs=jobs, journal=journal, on_done=count)
    rows += earlier(chosen, journal)
    figures = {
        "groups": [
            {"family": family, "who": who, "coached": coached, **group(found)}
            for (family, who, coached), found in by_group(rows).items()
        ],
        "pooled": pooled(rows),
    }
    return figures, rows


def earlier(chosen: Sequence[Case], journal: Journal) -> list[Row]:
    """Rows of groups that are not chosen now but were driven in full, for the same seeds."""
    seeds = {case.seed for case in chosen}
    groups = {(case.family, case.who, case.coached) for case in chosen}
    found = by_group([row for row in journal.rows.values() if row.seed in seeds])
    kept = [rows for group, rows in found.items() if group not in groups and len(rows) == len(seeds)]
    return [row for rows in kept for row in sorted(rows, key=lambda row: row.seed)]


class _Piece(NamedTuple):
    contacts: int
    manoeuvres: int
    seed: int


def warnings(
    size: Size, seed: int, *, jobs: int, fresh: bool, on_done: Tell
) -> tuple[dict[str, Any], list[tuple[str, float]]]:
    """Leads and nuisance, and of each contact its pattern and lead [s], 0 if missed.

    Driven in pieces that are kept when the study is stopped; for their seeds see `_pieces`.
    """
    from ops.study.warnings import Warnings
    from ops.study.warnings.clean import CleanRow
    from ops.study.warnings.contact import Row as ContactRow
    from ops.study.warnings.study import FAST, SLOW

    folder = cache_root().parent / "study" / f"warnings-{sources_digest()}"
    folder.mkdir(parents=True, exist_ok=True)
    pieces = list(_pieces(size, seed))
    missing = [piece for piece in pieces if fresh or not _file(folder, piece).exists()]
    done = float(sum(piece.contacts + piece.manoeuvres for piece in pieces if piece not in missing))
    on_done(done)
    for piece, text in spread_over(_warn, missing, jobs):
        _file(folder, piece).write_text(text, encoding="utf-8")
        done += piece.contacts + piece.manoeuvres
        on_done(done)
    found = Warnings(seed)
    for piece in pieces:
        data = json.loads(_file(folder, piece).read_text(encoding="utf-8"))
        found.rows += [ContactRow(**row) for row in data["rows"]]
        found.clean_rows += [CleanRow(**row) for row in data["clean_rows"]]
        found.without_contact += data["without_contact"]
    figures = found.to_json()
    at_2_to_6 = [row.critical_s or 0.0 for row in found.rows if SLOW <= row.speed_mps <= FAST]
    figures["lead_p50_at_2_to_6_kmh"] = plain(quantile(at_2_to_6, 0.5))
    del figures["rows"], figures["clean_rows"]  # megabytes that the seed gives again
    return figures, [(row.pattern, row.critical_s or 0.0) for row in found.rows]


def _pieces(size: Size, seed: int) -> Iterator[_Piece]:
    """Pieces of `CHUNK` contacts and their share of clean manoeuvres; piece k is the study of seed 1000 * seed + k."""
    count = max(1, -(-size.contacts // CHUNK))
    for k in range(count):
        contacts, clean = (total * (k + 1) // count - total * k // count for total in (size.contacts, size.manoeuvres))
        yield _Piece(contacts, clean, 1000 * seed + k)


def _file(folder: Path, piece: _Piece) -> Path:
    return folder / f"{piece.seed}-{piece.contacts}-{piece.manoeuvres}.json"


def _warn(piece: _Piece) -> tuple[_Piece, str]:
    from ops.study.warnings import study

    return piece, json.dumps(study(piece.contacts, piece.manoeuvres, piece.seed).to_json())


def tick(size: Size, seed: int, *, on_done: Tell) -> dict[str, Any]:
    """Times of one frame's way through the coach, garbage collector on."""
    from ops.bench.tick import measure

    return measure(PERPENDICULAR, frames=size.frames, driver="novice", seed=seed, on_done=on_done)


def rubrics(size: Size, seed: int) -> dict[str, Any]:
    """The Korean rubric beside its oracle."""
    from ops.study.rubrics import compare

    return asdict(compare(size.sessions, seed))


class _Question(NamedTuple):
    """What one process is asked for the score's part."""

    family: str
    """Empty: the score's validity."""
    episodes: int
    seed: int


def score(size: Size, seed: int, *, jobs: int, on_done: Tell) -> dict[str, Any]:
    """Whether the score measures skill, and whether it names the mistake that was made.

    Mistakes are put into episodes from seed + `HOLD_OUT` on.
    """
    questions = [_Question(family, size.faults, seed + HOLD_OUT) for family in CAUSE_FAMILIES]
    answers: dict[str, dict[str, Any]] = {}
    for family, answer in spread_over(_ask, [*questions, _Question("", 0, seed)], jobs):
        answers[family] = answer
        on_done(float(len(answers)))
    return {"validity": answers.pop(""), "causes": [answers[family] for family in CAUSE_FAMILIES]}


SCORE_STEPS = len(CAUSE_FAMILIES) + 1


def _ask(question: _Question) -> tuple[str, dict[str, Any]]:
    from ops.study import causes, validity

    if not question.family:
        return "", asdict(validity.measure(LEARNERS, SESSIONS_EACH, question.seed))
    return question.family, asdict(causes.study(question.family, question.episodes, question.seed, lambda _: None))
