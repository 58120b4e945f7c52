"""The documentation's pictures: what is asked for exists, and bodies stand where a trace says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from controllers.data import cue_texts
from ops.pictures.__main__ import DEBRIEF, LEARNERS, LEVELS, STEPS, main
from ops.pictures.scenery import Scenery
from ops.worlds.layout import PROJECT

WORLD = PROJECT / "worlds" / "perpendicular.wbt"
DOCS = PROJECT / "docs"


def test_every_cue_that_is_waited_for_is_in_the_catalogue() -> None:
    assert {cue for step in STEPS for cue in step.cues} <= cue_texts()["cues"].keys()


def test_the_documentation_shows_every_picture_that_is_made() -> None:
    made = {f"overlay-{language}-{what}.png" for language in LEARNERS for what in (*LEVELS, "debrief")}
    shown = (DOCS / "overlay.md").read_text(encoding="utf-8") + (DOCS / "webots.md").read_text(encoding="utf-8")
    for name in made | {f"drive-{name}.png" for name in (*(step.name for step in STEPS), DEBRIEF)}:
        assert f"pictures/{name}" in shown
        assert (DOCS / "pictures" / name).is_file()


def test_an_unknown_set_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["posters"]) == 2
    assert "'posters'; known: overlay, webots" in capsys.readouterr().err


def outline(x: float, y: float, yaw: float, length: float = 4.6, width: float = 1.85) -> list[list[float]]:
    turn = np.array([[math.cos(yaw), -math.sin(yaw)], [math.sin(yaw), math.cos(yaw)]])
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (0.5 * length, 0.5 * width)
    return [list(map(float, corner)) for corner in corners @ turn.T + (x, y)]


def scenery(bodies: dict[str, list[list[float]]]) -> Scenery:
    trace = [
        {"trace": 1, "bodies": [{"name": name, "kind": "car", "outline": corners} for name, corners in bodies.items()]},
        {"t": 0.0, "ego": [0.0, 3.0, 0.0, 0.0]},
    ]
    return Scenery(WORLD, trace, "EGO")


def test_a_parked_car_stands_where_its_outline_is_with_its_nose_where_it_was() -> None:
    made = scenery({"PARKED_A1": outline(-7.4, -2.6, 1.6)})
    (car,) = [node for node in made.nodes if node.type_name == "ParkedCar"]
    assert car.get("translation")[:2] == pytest.approx([-7.4, -2.6])
    assert car.get("rotation") == pytest.approx([0.0, 0.0, 1.0, 1.6])


def test_cars_that_a_scenario_takes_away_are_not_drawn() -> None:
    assert not [node for node in scenery({}).nodes if node.type_name == "ParkedCar"]
