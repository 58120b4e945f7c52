"""Simulators side by side, each on a processor of its own."""

from __future__ import annotations

import os
import sys

import pytest

from ops.check.elsewhere import stay_on


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process choose its processor; run it there")
def test_simulators_side_by_side_share_out_the_processors_they_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {5, 2, 3})
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, processors: chosen.append(processors))
    for place in range(4):
        stay_on(place)
    assert chosen == [{2}, {3}, {5}, {2}]
