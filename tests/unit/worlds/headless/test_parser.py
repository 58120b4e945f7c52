"""The world parser: what it reads, and what it says about what it cannot read."""

from __future__ import annotations

from pathlib import Path

import pytest

from worlds.headless.errors import WorldError
from worlds.headless.vrml.parser import World, parse_world

HEADER = "#VRML_SIM R2025a utf8\n"
RELEASE = "https://raw.githubusercontent.com/cyberbotics/webots/R2025a/"


def write_world(folder: Path, text: str, **protos: str) -> Path:
    (folder / "worlds").mkdir(exist_ok=True)
    (folder / "protos").mkdir(exist_ok=True)
    for name, body in protos.items():
        (folder / "protos" / f"{name}.proto").write_text(HEADER + body, encoding="utf-8")
    path = folder / "worlds" / "test.wbt"
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def parse(folder: Path, text: str, **protos: str) -> World:
    return parse_world(write_world(folder, text, **protos))


def refusal(folder: Path, text: str, **protos: str) -> str:
    with pytest.raises(WorldError) as caught:
        parse(folder, text, **protos)
    return str(caught.value)


# --- what is read -------------------------------------------------------------------------------------


def test_fields_over_many_lines_commas_and_comments_are_read(tmp_path: Path) -> None:
    world = parse(
        tmp_path,
        """WorldInfo { # a comment { with braces
             info [ "one",
                    "two # not a comment" ]
             basicTimeStep
               10 }""",
    )
    assert world.nodes[0].get("info") == ["one", "two # not a comment"]
    assert world.nodes[0].get("basicTimeStep") == 10.0


def test_string_escapes_are_undone(tmp_path: Path) -> None:
    world = parse(tmp_path, r'WorldInfo { title "a \"quoted\" word and a \\ backslash" }')
    assert world.nodes[0].get("title") == 'a "quoted" word and a \\ backslash'


def test_missing_fields_have_the_defaults_of_their_node_type(tmp_path: Path) -> None:
    solid = parse(tmp_path, "WorldInfo {} Solid {}").nodes[1]
    assert solid.get("rotation") == [0.0, 0.0, 1.0, 0.0]
    assert solid.get("name") == "solid"
    assert solid.get("boundingObject") is None


def test_a_single_value_may_stand_for_a_list(tmp_path: Path) -> None:
    assert parse(tmp_path, 'WorldInfo { info "alone" }').nodes[0].get("info") == ["alone"]


def test_use_is_the_node_that_def_named(tmp_path: Path) -> None:
    shapes = (
        parse(
            tmp_path,
            "WorldInfo {} Group { children [ Shape { geometry DEF B Box {} } Shape { geometry USE B } ] }",
        )
        .nodes[1]
        .get("children")
    )
    assert shapes[0].get("geometry") is shapes[1].get("geometry")


BLOCK = """PROTO Block [ field SFVec3f translation 0 0 0  field SFVec3f size 1 2 3  field MFNode extra [] ]
{ Solid { translation IS translation children IS extra boundingObject Box { size IS size } } }"""


def test_a_proto_field_and_the_field_that_is_it_are_one(tmp_path: Path) -> None:
    text = 'EXTERNPROTO "../protos/Block.proto"\nWorldInfo {} DEF ONE Block { translation 7 8 9 }'
    block = parse(tmp_path, text, Block=BLOCK).defs["ONE"]
    assert (block.type_name, block.base_type_name) == ("Block", "Solid")
    assert block.base.get("translation") == [7.0, 8.0, 9.0]
    assert block.base.get("boundingObject").get("size") == [1.0, 2.0, 3.0]
    block.fields["translation"].value = [1.0, 1.0, 1.0]
    assert block.base.get("translation") == [1.0, 1.0, 1.0]


def test_protos_may_stand_on_protos(tmp_path: Path) -> None:
    wall = """EXTERNPROTO "Block.proto"
PROTO Wall2 [ field SFVec3f size 4 4 4 ] { Block { size IS size } }"""
    world = parse(tmp_path, 'EXTERNPROTO "../protos/Wall2.proto"\nWorldInfo {} Wall2 {}', Block=BLOCK, Wall2=wall)
    assert world.nodes[1].base.get("boundingObject").get("size") == [4.0, 4.0, 4.0]


def test_two_instances_of_a_proto_do_not_share_default_lists(tmp_path: Path) -> None:
    text = 'EXTERNPROTO "../protos/Block.proto"\nWorldInfo {} Block {} Block { translation 1 0 0 }'
    with pytest.raises(WorldError, match="is taken"):
        parse(tmp_path, text, Block=BLOCK)  # both are named "solid", which Webots warns about
    named = BLOCK.replace("[ field", '[ field SFString name "b" field', 1).replace("Solid {", "Solid { name IS name")
    first, second = parse(tmp_path, text.replace("Block {}", 'Block { name "a" }'), Block=named).nodes[1:]
    first.get("size").append(9.0)
    assert second.get("size") == [1.0, 2.0, 3.0]


def test_a_def_inside_a_proto_is_not_visible_in_the_world(tmp_path: Path) -> None:
    body = "PROTO P [ ] { Group { children [ DEF INNER Solid {} ] } }"
    assert "INNER" not in parse(tmp_path, 'EXTERNPROTO "../protos/P.proto"\nWorldInfo {} P {}', P=body).defs


# --- what is refused, and where -----------------------------------------------------------------------


def test_an_unknown_node_is_refused_with_its_line(tmp_path: Path) -> None:
    message = refusal(tmp_path, "WorldInfo {}\n\nSpaceship {}")
    assert message.startswith(f"{tmp_path / 'worlds' / 'test.wbt'}:4: 'Spaceship' is neither a node")


def test_an_unknown_field_is_refused_and_the_known_ones_are_named(tmp_path: Path) -> None:
    message = refusal(tmp_path, "WorldInfo {}\nViewpoint {\n  postion 0 0 1\n}")
    assert ":4: Viewpoint has no field 'postion'" in message
    assert "position" in message


def test_a_field_that_r2025a_dropped_is_refused_as_such(tmp_path: Path) -> None:
    assert "'pixelSize' is gone from R2025a" in refusal(tmp_path, "WorldInfo {} Display { pixelSize 2 }")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("WorldInfo { basicTimeStep fast }", ":2: WorldInfo.basicTimeStep needs a number, found 'fast'"),
        ("WorldInfo { basicTimeStep nan }", "needs a number, found 'nan'"),
        ("WorldInfo { title lot }", "needs a string in double quotes, found 'lot'"),
        ('WorldInfo { randomSeed "3" }', 'needs a whole number, found the string "3"'),
        ("WorldInfo { randomSeed 3.5 }", "needs a whole number, found '3.5'"),
        ("WorldInfo {} Solid { locked 1 }", "needs TRUE or FALSE, found '1'"),
        ("WorldInfo {}\nSolid { translation 1 2 }", ":3: Solid.translation needs 3 numbers, found '}'"),
        ('WorldInfo { title "open }', "this string is never closed"),
        ("WorldInfo { info [ ", "the list is never closed"),
        ("WorldInfo { title ", "needs a string in double quotes, found the end of file"),
        ('WorldInfo { title "a" title "b" }', "field 'title' is given twice"),
        ('WorldInfo { coordinateSystem "XYZ" }', 'cannot be "XYZ"; use one of ENU, NUE, EUN'),
        ("WorldInfo {} Shape { geometry USE B }", "USE B: no DEF B before this line"),
        ("Viewpoint {}", "the first node of a world must be WorldInfo"),
        ("WorldInfo {} NULL", "NULL cannot stand at the top"),
        ('WorldInfo {} Solid { name "a" } Solid { name "a" }', 'the name "a" is taken (line 2)'),
        ("WorldInfo {} Solid { name IS name }", "the PROTO has no field 'name'"),
        ('WorldInfo {} Solid { name "%<= x >%" } %< let x; >%', "JavaScript templates are not read"),
        ("WorldInfo {} ToyotaPrius {}", "ToyotaPrius needs a line EXTERNPROTO"),
    ],
)
def test_bad_worlds_are_refused_in_one_clear_sentence(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_another_release_in_the_header_is_refused(tmp_path: Path) -> None:
    path = write_world(tmp_path, "WorldInfo {}")
    path.write_text("#VRML_SIM R2021b utf8\nWorldInfo {}", encoding="utf-8")
    with pytest.raises(WorldError, match="the first line must be '#VRML_SIM R2025a utf8'"):
        parse_world(path)


def test_a_missing_world_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"none.wbt:1: cannot be read"):
        parse_world(tmp_path / "none.wbt")


def test_a_missing_proto_file_is_named_with_the_line_that_wants_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, '\nEXTERNPROTO "../protos/Gone.proto"\nWorldInfo {}')
    assert ":3: EXTERNPROTO" in message
    assert "does not exist" in message


def test_only_stock_protos_of_the_release_may_come_from_the_web(tmp_path: Path) -> None:
    path = "projects/objects/floors/protos/Floor.proto"
    world = parse(tmp_path, f'EXTERNPROTO "{RELEASE}{path}"\nWorldInfo {{}} Floor {{}}')
    assert world.nodes[1].is_a("Solid")
    said = refusal(tmp_path, f'EXTERNPROTO "{RELEASE.replace("R2025a", "R2023b")}{path}"\nWorldInfo {{}} Floor {{}}')
    assert "not a PROTO of the R2025a release" in said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("PROTO Other [ ] { Solid {} }", "the PROTO of P.proto must be named P, not Other"),
        ("PROTO P [ field SFVec4f v 0 0 0 0 ] { Solid {} }", "'SFVec4f' is not a field type"),
        ("PROTO P [ field SFString name 3 ] { Solid {} }", "name needs a string in double quotes"),
        ("PROTO P [ field SFFloat v 0 ]\n{ Solid {\n name IS v } }", ":4: Solid.name is SFString, but IS v is SFFloat"),
        ("PROTO P [ ] { Solid {} Solid {} }", "the body of PROTO P must be exactly one node"),
        ("PROTO P [ ] { Solid {", "a '{' is never closed"),
        ("PROTO P [ field SFFloat v 0 field SFFloat v 1 ] { Solid {} }", "field 'v' is declared twice"),
        ('EXTERNPROTO "P.proto"\nPROTO P [ ] { P {} }', "needs itself"),
    ],
)
def test_bad_protos_are_refused_with_their_own_file_and_line(tmp_path: Path, body: str, said: str) -> None:
    message = refusal(tmp_path, 'EXTERNPROTO "../protos/P.proto"\nWorldInfo {} P {}', P=body)
    assert message.startswith(str(tmp_path / "protos" / "P.proto"))
    assert said in message


def test_the_allowed_values_of_a_proto_field_are_enforced(tmp_path: Path) -> None:
    body = 'PROTO P [ field SFString{"wet", "dry"} weather "dry" ] { Solid { name IS weather } }'
    text = 'EXTERNPROTO "../protos/P.proto"\nWorldInfo {} P { weather "snow" }'
    assert 'P.weather cannot be "snow"; use one of wet, dry' in refusal(tmp_path, text, P=body)
