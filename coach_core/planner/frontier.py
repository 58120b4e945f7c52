"""The two memories of the search: a priority queue and a table of visited cells, both on plain arrays."""

from __future__ import annotations

import math

from numba import njit

_YAW_CELLS = 4096
"""Finest division of the circle."""


@njit(cache=True, nogil=True)
def push(keys, items, size, key, item):  # type: ignore[no-untyped-def]
    """Add to the binary heap (keys, items modified in place); returns the new size, unchanged if there is no room."""
    if size >= keys.shape[0]:
        return size
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if keys[parent] <= key:
            break
        keys[i], items[i] = keys[parent], items[parent]
        i = parent
    keys[i], items[i] = key, item
    return size + 1


@njit(cache=True, nogil=True)
def pop(keys, items, size):  # type: ignore[no-untyped-def]
    """Remove the least key (modified in place); returns (key, item). The heap, not empty, has one less afterwards."""
    top_key, top_item = keys[0], items[0]
    size -= 1
    key, item = keys[size], items[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[i], items[i] = keys[child], items[child]
        i = child
    keys[i], items[i] = key, item
    return top_key, top_item


@njit(cache=True, nogil=True)
def cell_key(x, y, yaw, gear, clearance, scale):  # type: ignore[no-untyped-def]
    """A positive number for the cell of a state; cells are finer where things are near, because there they matter.

    scale: 1, or less for finer cells.
    """
    if clearance < 0.12:
        size, level, step = 0.04, 0, 16
    elif clearance < 0.35:
        size, level, step = 0.10, 1, 40
    else:
        size, level, step = 0.30, 2, 96
    size, step = scale * size, max(int(scale * step), 1)
    ix = math.floor(x / size) & 0xFFFFF
    iy = math.floor(y / size) & 0xFFFFF
    turn = math.floor(yaw * (_YAW_CELLS / (2.0 * math.pi))) & (_YAW_CELLS - 1)
    return 1 + ((((ix << 20) | iy) << 12 | (turn // step)) << 3 | (level << 1) | (1 if gear > 0 else 0))


@njit(cache=True, nogil=True)
def find(cells, key):  # type: ignore[no-untyped-def]
    """Index of `key` in the open-addressing table `cells` (0 = empty), or of the empty place where it belongs."""
    mask = cells.shape[0] - 1
    i = ((key * 0x9E3779B97F4A7C1) >> 20) & mask
    while cells[i] != 0 and cells[i] != key:
        i = (i + 1) & mask
    return i
