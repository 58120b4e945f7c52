"""Imported once by the runner's fork server: what every controller process needs, compiled and loaded."""

import controllers.parkit_coach.main
import controllers.parkit_examiner.main  # noqa: F401
from coach_core.warmup import warm_up

warm_up()
