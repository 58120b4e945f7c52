"""Webots controller of the learner's car: sample, ask the coach, act, publish.

Webots and the stand-in start this file in its own folder; everything else is imported from the project.
"""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
if str(PROJECT) not in sys.path:  # Webots runs the file, not the installed package
    sys.path.insert(0, str(PROJECT))

from controllers.kernel_cache import use_kernel_cache  # noqa: E402

use_kernel_cache()

from controllers.parkit_coach.main import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
