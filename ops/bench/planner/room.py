"""How many strokes it takes along a kerb if each must leave room behind it: `python -m ops.bench.planner.room`.

The scene is that of the study's parallel families without its noise: two parked cars 1.85 m wide, 0.2 m from the kerb,
the learner's car 0.9 m beside the one in front. A stroke holds the wheel straight or at full lock. What is printed is
the cheapest manoeuvre of at most 24 strokes among 30,000 places; with finer cells there may be a shorter one.
"""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.table import Table

from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner import PlanResult, PlanStatus
from coach_core.planner.strokes import TO_AND_FRO, plan_strokes
from coach_core.vehicle import VehicleParams

CAR = VehicleParams(2.8, 0.835, 0.85, 1.823, 0.6)
LENGTHS, ROOMS = (1.2, 1.3, 1.4, 1.5, 1.6, 1.8), (0.1, 0.2, 0.3, 0.4, 0.6)
KERB_GAP, PARKED = 0.2, (4.6, 1.85)


def manoeuvre(lengths: float, room: float) -> PlanResult:
    """Into a gap of so many car lengths with so much room [m] behind every stroke."""
    half, (long, wide) = 0.5 * lengths * CAR.length, PARKED
    ahead = np.array(
        [[half, KERB_GAP], [half + long, KERB_GAP], [half + long, KERB_GAP + wide], [half, KERB_GAP + wide]]
    )
    kerb = np.array([[-30.0, -0.6], [30.0, -0.6], [30.0, 0.0], [-30.0, 0.0]])
    goal = np.array([CAR.rear_overhang - 0.5 * CAR.length, KERB_GAP + 0.5 * CAR.width, 0.0])
    start = np.array([half, KERB_GAP + wide + 0.9 + 0.5 * CAR.width, 0.0])
    options = TO_AND_FRO._replace(
        overshoot=room, soft=min(0.2, room), shortest=min(0.35, max(0.2, room)), cell=0.05, turn=0.02, places=30_000
    )
    scene = pack_obstacles([ahead, ahead - [2.0 * half + long, 0.0], kerb])
    return plan_strokes(CAR, start, goal, scene, (), options=options)


def main() -> None:
    table = Table(
        "gap", *(f"{room:.1f} m" for room in ROOMS), title="strokes (changes of gear) by the room behind each"
    )
    for lengths in LENGTHS:
        cells = []
        for room in ROOMS:
            found = manoeuvre(lengths, room)
            said = f"{len(found.segments)} ({found.cusps})" if found.status is PlanStatus.FOUND else "none"
            cells.append(said)
        table.add_row(f"{lengths} L", *cells)
    Console().print(table)


if __name__ == "__main__":
    main()
