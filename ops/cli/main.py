"""`parkit`: everything a person or a machine starts."""

from __future__ import annotations

import sys
from typing import Any

from controllers.kernel_cache import use_kernel_cache

use_kernel_cache()

import typer  # noqa: E402

from coach_core.errors import ParkitError, UsageError  # noqa: E402
from ops.cli import bench, check, demo, doctor, joystick, services, study, world  # noqa: E402
from ops.cli.output import FAILED, INTERRUPTED, USAGE, console  # noqa: E402

app = typer.Typer(
    name="parkit",
    help="Parkit (파킷): a real-time parking coach for novice drivers, in the Webots simulator.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.add_typer(world.app, name="world")
app.command()(services.relay)
app.command()(services.analysis)
app.command()(services.cloud)
app.add_typer(bench.app, name="bench")
app.command()(study.study)
app.command()(check.check)
app.command()(doctor.doctor)
app.add_typer(joystick.app, name="joystick")


WRONG_ARGUMENTS: Any = typer.BadParameter.__base__
"""Every mistake in options and arguments; the class itself has no public name that all versions of typer share."""


def main() -> None:
    """Console script: a mistake ends with one sentence and status 2, a failure with status 1."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except WRONG_ARGUMENTS as error:
        _say(error.format_message())
        sys.exit(USAGE)
    except UsageError as error:
        _say(error)
        sys.exit(USAGE)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except ParkitError as error:
        _say(error)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _say(what: object) -> None:
    console.print(f"parkit: {what}", style="red", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
