"""Imported once by the runner's fork server: what every controller process needs, compiled and loaded."""

from controllers.kernel_cache import use_kernel_cache

use_kernel_cache()

import controllers.parkit_examiner.main  # noqa: E402, F401
from controllers.parkit_coach.main import get_ready  # noqa: E402

get_ready()
