"""Worlds that are read again and again."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from worlds.headless.errors import WorldError
from worlds.headless.vrml.parser import World
from worlds.headless.vrml.scene import Node
from worlds.headless.vrml.shelf import WorldShelf

WORLD = """#VRML_SIM R2025a utf8
EXTERNPROTO "../protos/Post.proto"
WorldInfo {
}
DEF LEFT Post {
  translation 1 2 0
}
DEF RIGHT Post {
  name "right"
}
"""
POST = """#VRML_SIM R2025a utf8
PROTO Post [
  field SFVec3f translation 0 0 0
  field SFString name "post"
]
{
  Solid {
    translation IS translation
    name IS name
    boundingObject Box {
      size 0.1 0.1 HEIGHT
    }
  }
}
"""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    (tmp_path / "protos").mkdir()
    (tmp_path / "worlds").mkdir()
    (tmp_path / "protos" / "Post.proto").write_text(POST.replace("HEIGHT", "1.5"))
    path = tmp_path / "worlds" / "posts.wbt"
    path.write_text(WORLD)
    return path


def left(world: World) -> Node:
    return world.defs["LEFT"]


def test_a_tree_from_the_shelf_is_whole_and_its_own(world: Path) -> None:
    shelf = WorldShelf()
    first, again = shelf.read(world), shelf.read(world)
    node = left(again)
    assert node is again.nodes[1]
    assert node is not left(first)
    assert node.spec is left(first).spec  # specifications are shared, values are not
    assert [n.id for n in again.nodes] == [n.id for n in first.nodes]
    place = node.find("translation")
    assert place is not None
    assert node.body is not None
    assert node.body.fields["translation"] is place  # IS makes them one field
    place.value = [9.0, 9.0, 9.0]
    assert left(shelf.read(world)).get("translation") == [1.0, 2.0, 0.0]


def test_a_changed_world_or_proto_is_read_anew(world: Path) -> None:
    shelf = WorldShelf()
    shelf.read(world)
    proto = world.parents[1] / "protos" / "Post.proto"
    proto.write_text(POST.replace("HEIGHT", "2.5"))
    assert left(shelf.read(world)).base.get("boundingObject").get("size") == [0.1, 0.1, 2.5]
    world.write_text(WORLD.replace("1 2 0", "3 2 0"))
    assert left(shelf.read(world)).get("translation") == [3.0, 2.0, 0.0]
    proto.unlink()
    with pytest.raises(WorldError, match="does not exist"):
        shelf.read(world)


def test_reading_leaves_the_collector_as_it_was(world: Path) -> None:
    WorldShelf().read(world)
    assert gc.isenabled()
