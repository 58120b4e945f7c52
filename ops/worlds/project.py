"""Where a new world can stand: Webots looks for controllers beside the worlds folder."""

from __future__ import annotations

from pathlib import Path

from coach_core.errors import UsageError
from ops.worlds.layout import PROJECT

_PARTS = ("controllers", "protos")
_OURS = Path("controllers") / "parkit_coach" / "parkit_coach.py"


def open_project(out: Path) -> Path:
    """The folder for a new world's files.

    `out` itself where it is the worlds folder of a project with our controllers. Any other folder is made such a
    project: links to our controllers and PROTOs, and a worlds folder in it. UsageError if that cannot be done.
    """
    out = out.resolve()
    if (out.parent / _OURS).exists():
        return out
    try:
        out.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            link = out / part
            if not link.exists():
                link.symlink_to(PROJECT / part, target_is_directory=True)
    except OSError as error:
        raise UsageError(f"cannot make {out} a Webots project: {error.strerror}") from error
    if not (out / _OURS).exists():
        raise UsageError(f"{out / 'controllers'} is not Parkit's; choose a folder without one")
    return out / "worlds"
