"""`python -m ops.pictures [overlay] [webots]`: drives sessions in the stand-in and writes docs/pictures anew.

The display's pictures are those the car's controller drew while it drove; behind them is the world as it then stood,
drawn by `ops.worlds.picture` from nearer than the world's own viewpoint.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from controllers.kernel_cache import use_kernel_cache

use_kernel_cache()

from coach_core.contracts import Decision, Level, SensorFrame  # noqa: E402
from coach_core.contracts.messages import Gear  # noqa: E402
from coach_core.errors import ParkitError, UsageError  # noqa: E402
from ops.pictures.film import Eye, Film, Wanted  # noqa: E402
from ops.run import SessionOptions  # noqa: E402
from ops.worlds.layout import PROJECT  # noqa: E402

OUT = PROJECT / "docs" / "pictures"
WORLD = PROJECT / "worlds" / "perpendicular.wbt"
SEED = 26
LEARNERS: dict[Literal["ko", "en"], str] = {"ko": "김하늘", "en": "Haneul"}
LEVELS: tuple[Level, ...] = ("clear", "caution", "warning", "critical")
OVERLAY_EYE = Eye((-12.0, 8.0, 6.5), (-2.0, 0.0, 0.0))


class Step(NamedTuple):
    """A picture of the walk-through: what the coach says then, and from where one looks."""

    name: str
    gear: Gear
    cues: tuple[str, ...]
    eye: Eye


ALONG = Eye((-17.5, 6.5, 5.5), (-6.0, 0.6, 0.0))
STOPPING = Eye((-14.0, 9.0, 6.5), (-3.0, -0.8, 0.0))
ACROSS = Eye((-10.5, 13.0, 8.0), (-1.4, -0.6, 0.0))
STEPS = (
    Step("along", "D", ("appr.slow",), ALONG),
    Step("stop", "D", ("move.stop_here",), STOPPING),
    Step("reverse", "R", ("move.keep", "move.back_slow", "move.back_straight"), ACROSS),
    Step("parked", "R", ("gear.park",), ACROSS),
)
DEBRIEF = "debrief"


def overlay() -> None:
    """The four levels in both languages, from one heedless drive."""
    for language, name in LEARNERS.items():
        with tempfile.TemporaryDirectory(prefix="parkit-film-") as folder:
            film = _film(f"script:{Path(__file__).with_name('heedless.txt')}", language, name, Path(folder))
            for level in LEVELS:
                now = film.moment(_at(level, (level,)), _at(level, LEVELS), what=f"level {level}")
                _save(film, now, OVERLAY_EYE, f"overlay-{language}-{level}.png")
            _save(film, film.end, OVERLAY_EYE, f"overlay-{language}-debrief.png")


def webots() -> None:
    """The walk-through: a novice parks."""
    with tempfile.TemporaryDirectory(prefix="parkit-film-") as folder:
        film = _film("novice", "en", LEARNERS["en"], Path(folder))
        for step in STEPS:
            now = film.moment(_saying(step), what=f"{step.name} ({' or '.join(step.cues)} in {step.gear})")
            _save(film, now, step.eye, f"drive-{step.name}.png")
        _save(film, film.end, ACROSS, f"drive-{DEBRIEF}.png")


def _film(driver: str, language: str, name: str, folder: Path) -> Film:
    return Film(SessionOptions(WORLD, driver, SEED, language=language, driver_name=name), folder)


def _at(level: Level, line: tuple[Level, ...]) -> Wanted:
    """The level while the line is of one of these severities; the clear one while there is something to follow."""

    def wanted(frame: SensorFrame, decision: Decision) -> bool:
        cue = decision.cue
        follows = level != "clear" or frame.gear == "R"
        return follows and decision.level == level and cue is not None and cue.severity in line

    return wanted


def _saying(step: Step) -> Wanted:
    def wanted(frame: SensorFrame, decision: Decision) -> bool:
        return frame.gear == step.gear and decision.cue is not None and decision.cue.id in step.cues

    return wanted


def _save(film: Film, now: float, eye: Eye, name: str) -> None:
    film.picture(now, eye).save(OUT / name, optimize=True)
    print(f"docs/pictures/{name}: {now:.1f} s")


SETS = {"overlay": overlay, "webots": webots}


def main(names: list[str]) -> int:
    """Make the sets that are named, all by default; the exit status is 2 for a wrong request."""
    try:
        unknown = [name for name in names if name not in SETS]
        if unknown:
            raise UsageError(f"there is no set of pictures {unknown[0]!r}; known: {', '.join(SETS)}")
        for name in names or SETS:
            SETS[name]()
    except UsageError as error:
        print(f"ops.pictures: {error}", file=sys.stderr)
        return 2
    except ParkitError as error:
        print(f"ops.pictures: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
