"""The recommendation with the real planner behind it, in a few random lots."""

from __future__ import annotations

import pytest

from tests.bench.slot_lots import advise, draw_lot

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("seed", [2, 5])
def test_every_offer_stands_up_to_the_independent_checker_and_none_is_much_better_than_the_first(seed: int) -> None:
    lot = draw_lot(seed)
    advice = advise(lot)
    assert advice.impossible == 0
    assert advice.chosen is not None
    assert lot.occupancy[advice.chosen] == "free"
    assert advice.regret <= 0.05
