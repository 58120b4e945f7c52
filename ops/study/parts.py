"""The parts of the study: parking, warnings, tick, rubrics. Each gives figures as plain data, ready for JSON."""

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

Part = Literal["parking", "warnings", "tick", "rubrics"]
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


QUICK = Size(episodes=2, contacts=60, manoeuvres=14, frames=20_000, sessions=60)


def parking(chosen: Sequence[Case], *, jobs: int, fresh: bool, on_done: Tell) -> tuple[dict[str, Any], list[Row]]:
    """Figures by family, driver and help, pooled over drivers, and each row."""
    journal = Journal()
    if fresh:
        journal.forget(chosen)
    done = 0.0

    def count(_: Row) -> None:
        nonlocal done
        done += 1.0
        on_done(done)

    rows = run_cases(chosen, jobs=jobs, journal=journal, on_done=count)
    figures = {
        "groups": [
            {"family": family, "who": who, "coached": coached, **group(found)}
            for (family, who, coached), found in by_group(rows).items()
        ],
        "pooled": pooled(rows),
        "rows": [row._asdict() for row in rows],
    }
    return figures, rows


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
