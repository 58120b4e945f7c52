"""The queue and the table of the search."""

from __future__ import annotations

import heapq
import math

import numpy as np

from coach_core.planner.frontier import cell_key, find, pop, push


def test_queue_gives_keys_back_in_order_like_a_sorted_list() -> None:
    rng = np.random.default_rng(3)
    keys, items, size = np.empty(200), np.empty(200, np.int64), 0
    twin: list[tuple[float, int]] = []
    for item in range(150):
        key = float(rng.random())
        size = push(keys, items, size, key, item)
        heapq.heappush(twin, (key, item))
        if item % 3 == 2:
            assert pop(keys, items, size) == heapq.heappop(twin)
            size -= 1
    while size:
        assert pop(keys, items, size) == heapq.heappop(twin)
        size -= 1
    assert not twin


def test_full_queue_takes_nothing_more() -> None:
    keys, items = np.empty(2), np.empty(2, np.int64)
    size = push(keys, items, push(keys, items, 0, 1.0, 10), 2.0, 20)
    assert push(keys, items, size, 0.5, 30) == 2
    assert pop(keys, items, 2) == (1.0, 10)


def test_table_finds_what_was_put_in_and_an_empty_place_for_what_was_not() -> None:
    cells = np.zeros(64, np.int64)
    known = [cell_key(0.5 * k, -0.3 * k, 0.2 * k, 1, 1.0, 1.0) for k in range(40)]
    for key in known:
        cells[find(cells, key)] = key
    assert all(cells[find(cells, key)] == key for key in known)
    assert cells[find(cells, cell_key(100.0, 0.0, 0.0, 1, 1.0, 1.0))] == 0


def test_cells_tell_gears_apart_and_are_finer_where_it_is_tight() -> None:
    forwards, backwards = (cell_key(1.0, 1.0, 0.1, gear, 1.0, 1.0) for gear in (1, -1))
    assert forwards != backwards
    moved = (0.06, 0.0, 0.0)

    def differs(clearance: float, scale: float) -> bool:
        here = cell_key(1.01, 1.01, 0.1, 1, clearance, scale)
        return bool(here != cell_key(1.01 + moved[0], 1.01, 0.1, 1, clearance, scale))

    assert differs(0.05, 1.0)
    assert not differs(1.0, 1.0)
    assert differs(1.0, 0.1)


def test_whole_turns_change_no_cell() -> None:
    assert cell_key(1.0, 1.0, 0.1, 1, 1.0, 1.0) == cell_key(1.0, 1.0, 0.1 + 2.0 * math.pi, 1, 1.0, 1.0)
