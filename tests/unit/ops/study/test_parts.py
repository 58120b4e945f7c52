"""The parts of the study: what is kept when it is stopped, and what comes of the pieces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.study import parts
from ops.study.parking import Case
from ops.study.parts import CHUNK, Size
from ops.study.report import lines
from ops.study.runner import Journal
from ops.study.warnings import Warnings
from ops.study.warnings.contact import Row
from tests.unit.ops.study.rows import row

CONTACT = dict.fromkeys(Row._fields, None) | {
    "pattern": "straight_back", "seed": 1, "family": "perpendicular", "hit": "car", "known": True, "contact_s": 3.0,
    "speed_mps": 1.0, "critical_s": 1.5, "warning_s": 2.0, "named": True, "short_notice": False,
}  # fmt: skip


@pytest.mark.parametrize("contacts", [1, CHUNK, CHUNK + 1, 10_000])
def test_pieces_add_up_to_the_whole_and_have_seeds_of_their_own(contacts: int) -> None:
    pieces = list(parts._pieces(Size(contacts=contacts, manoeuvres=2_000), seed=3))
    assert sum(piece.contacts for piece in pieces) == contacts
    assert sum(piece.manoeuvres for piece in pieces) == 2_000
    assert len({piece.seed for piece in pieces}) == len(pieces)
    assert max(piece.contacts for piece in pieces) <= CHUNK


def test_pieces_that_are_done_are_not_driven_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    driven: list[int] = []

    def drive(piece: parts._Piece) -> tuple[parts._Piece, str]:
        driven.append(piece.seed)
        found = Warnings(piece.seed, [Row(**CONTACT)] * piece.contacts)
        return piece, json.dumps(found.to_json())

    monkeypatch.setattr(parts, "_warn", drive)
    monkeypatch.setattr("ops.study.runner.begin", lambda: None)
    size = Size(contacts=CHUNK + 10, manoeuvres=0)
    told: list[float] = []
    first = parts.warnings(size, 1, jobs=1, fresh=False, on_done=told.append)
    again = parts.warnings(size, 1, jobs=1, fresh=False, on_done=told.append)
    assert first == again
    assert driven == [1000, 1001]
    assert told[-1] == CHUNK + 10
    figures, leads = first
    assert leads == [("straight_back", 1.5)] * (CHUNK + 10)
    line = next(line for line in lines({"warnings": {"figures": figures}}) if "without a critical" in line.metric)
    assert (line.measured, line.n) == (f"0 of {CHUNK + 10}", CHUNK + 10)


def test_families_that_were_driven_in_full_before_are_counted_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for seed in (1, 2):
        journal.add(row(seed, family="angled60"))
    journal.add(row(1, family="nose_in"))
    journal.add(row(3, family="perpendicular"))
    chosen = [Case("perpendicular", "novice", True, seed) for seed in (1, 2)]
    assert [(found.family, found.seed) for found in parts.earlier(chosen, journal)] == [
        ("angled60", 1),
        ("angled60", 2),
    ]
