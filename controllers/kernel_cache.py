"""Where the compiled kernels are kept, chosen before numba is imported.

numba looks at a kernel's own file to see whether its cached code is stale, not at the kernels it calls, and two
processes that compile at once can mix up each other's files. So each state of the core's sources has a folder of its
own, and compiling into it is one process's business at a time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: start one Parkit process first after an update
    fcntl = None  # type: ignore[assignment]

CORE = Path(__file__).resolve().parents[1] / "coach_core"
KEEP = 3
"""Folders of older states that are kept, newest first."""


def cache_root() -> Path:
    """Parkit's folder in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parkit" / "kernels"


def use_kernel_cache() -> None:
    """Point numba at the folder for the core's present sources, unless the user chose one; call before numba loads."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    digest = hashlib.sha256()
    for source in sorted(CORE.rglob("*.py")):
        digest.update(source.read_bytes())
    folder = cache_root() / digest.hexdigest()[:16]
    if not folder.exists():
        _forget_old(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


def _forget_old(root: Path) -> None:
    if root.exists():
        folders = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime, reverse=True)
        for folder in folders[KEEP:]:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def compiling_alone() -> Iterator[None]:
    """Only one process at a time compiles into the cache."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_root())
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
