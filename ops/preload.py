"""Imported once by the runner's fork server: what every controller process needs, compiled and loaded."""

from controllers.kernel_cache import compiling_alone, use_kernel_cache

use_kernel_cache()

import controllers.parkit_coach.main  # noqa: E402
import controllers.parkit_examiner.main  # noqa: E402, F401
from coach_core.warmup import warm_up  # noqa: E402

with compiling_alone():
    warm_up()
