"""Worlds that were read before: reading one again takes a twentieth of the time, as long as no file has changed."""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from worlds.headless.vrml.parser import World, parse_world
from worlds.headless.vrml.tables import NodeSpec


class _Packer(pickle.Pickler):
    """Leaves specifications where they are: nobody changes them, and they are most of a tree."""

    def __init__(self, out: io.BytesIO, specs: list[NodeSpec]) -> None:
        super().__init__(out, protocol=pickle.HIGHEST_PROTOCOL)
        self._specs = specs
        self._places: dict[int, int] = {}

    def persistent_id(self, thing: Any) -> int | None:
        if not isinstance(thing, NodeSpec):
            return None
        if id(thing) not in self._places:
            self._places[id(thing)] = len(self._specs)
            self._specs.append(thing)
        return self._places[id(thing)]


class _Unpacker(pickle.Unpickler):
    def __init__(self, packed: bytes, specs: list[NodeSpec]) -> None:
        super().__init__(io.BytesIO(packed))
        self._specs = specs

    def persistent_load(self, place: int) -> NodeSpec:
        return self._specs[place]


class _Kept(NamedTuple):
    sources: dict[Path, bytes]
    """What each file of the world said when it was read."""
    packed: bytes
    specs: list[NodeSpec]


class WorldShelf:
    """Gives a fresh tree at every asking: whoever runs a world changes it."""

    def __init__(self) -> None:
        self._kept: dict[Path, _Kept] = {}

    def read(self, path: Path) -> World:
        """As `parse_world`; WorldError if the world cannot be read as written."""
        with _no_collector():
            kept = self._kept.get(path)
            if kept is not None and _unchanged(kept.sources):
                fresh: World = _Unpacker(kept.packed, kept.specs).load()
                return fresh
            sources: dict[Path, bytes] = {}
            world = parse_world(path, sources)
            out, specs = io.BytesIO(), list[NodeSpec]()
            _Packer(out, specs).dump(world)
            self._kept[path] = _Kept(sources, out.getvalue(), specs)
            return world


@contextmanager
def _no_collector() -> Iterator[None]:
    """A tree of thousands of nodes is all made and nothing of it thrown away: looking for garbage meanwhile takes
    three quarters of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _unchanged(sources: dict[Path, bytes]) -> bool:
    try:
        return all(path.read_bytes() == source for path, source in sources.items())
    except OSError:
        return False
