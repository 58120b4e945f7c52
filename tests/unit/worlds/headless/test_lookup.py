"""Lookup tables and device noise."""

from __future__ import annotations

import statistics

import pytest

from worlds.headless.devices.lookup import LookupTable, NormalStream, quantise


def stream(seed: int = 0) -> NormalStream:
    return NormalStream(seed, "robot", "sensor")


def test_between_rows_the_output_is_interpolated_and_outside_it_is_the_nearest_rows() -> None:
    table = LookupTable([[0.0, 10.0, 0.0], [2.0, 30.0, 0.0]])
    assert [table.look_up(x, stream()) for x in (-1.0, 0.0, 1.0, 2.0, 9.0)] == [10.0, 10.0, 20.0, 30.0, 30.0]


def test_no_echo_is_exact_when_the_last_row_has_no_noise() -> None:
    table = LookupTable([[0.0, 0.0, 0.01], [4.0, 4.0, 0.0]])
    assert {table.look_up(4.0, stream(seed)) for seed in range(20)} == {4.0}


def test_noise_is_a_share_of_the_output_interpolated_between_rows() -> None:
    table, noise = LookupTable([[0.0, 0.0, 0.02], [4.0, 4.0, 0.0]]), stream()
    values = [table.look_up(2.0, noise) for _ in range(4000)]
    assert statistics.mean(values) == pytest.approx(2.0, abs=0.002)
    assert statistics.stdev(values) == pytest.approx(2.0 * 0.01, rel=0.05)


def test_inputs_that_do_not_increase_are_refused() -> None:
    with pytest.raises(ValueError, match="must increase"):
        LookupTable([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])


def test_each_device_has_its_own_numbers_and_a_seed_repeats_them() -> None:
    first, again, other = NormalStream(1, "a", "x"), NormalStream(1, "a", "x"), NormalStream(1, "a", "y")
    one = [first.next() for _ in range(600)]
    assert one == [again.next() for _ in range(600)]
    assert one != [other.next() for _ in range(600)]


def test_resolution_rounds_and_minus_one_does_not() -> None:
    assert quantise(0.37, 0.1) == pytest.approx(0.4)
    assert quantise(0.37, -1.0) == 0.37
