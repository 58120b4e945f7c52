"""Ways to spoil a world, one at a time, and what must then be told where."""
# ruff: noqa: E501  # what is replaced is quoted as it stands

from __future__ import annotations

from typing import NamedTuple


class Defect(NamedTuple):
    """Replace `old` by `new` (once) in a file; the line where `at` stands must then be told, with these words."""

    old: str
    new: str
    at: str
    says: str
    file: str = "worlds/perpendicular.wbt"
    told_in: str = ""
    """The file of the finding, where it is another one."""
    world: str = "perpendicular"


def _elsewhere(file: str, old: str, new: str, at: str, says: str, *, told_in: str = "", world: str = "") -> Defect:
    """A defect in a file other than perpendicular.wbt."""
    stem = file.removeprefix("worlds/").split(".")[0]
    own = stem if file.startswith("worlds/") else "perpendicular"
    return Defect(old, new, at, says, file, told_in, world or own)


DEFECTS = {
    "header of another format": Defect("#VRML_SIM R2025a", "#VRML V2.0", "#VRML", "first line"),
    "header from before EXTERNPROTO": Defect("#VRML_SIM R2025a", "#VRML_SIM R2021b", "#VRML", "know no EXTERNPROTO"),
    "misspelt node": Defect("Viewpoint {", "Viewpiont {", "Viewpiont", "did you mean Viewpoint?"),
    "misspelt field": Defect("basicTimeStep 10", "basicTimestep 10", "basicTimestep", "did you mean basicTimeStep?"),
    "field that is gone": Defect("  ERP 0.6", "  fast2d TRUE", "fast2d", "is gone"),
    "field given twice": Defect("  ERP 0.6", "  ERP 0.6\n  CFM 0.1\n  ERP 0.2", "ERP 0.2", "given already"),
    "two numbers for a vector of three": Defect(
        'name "south wall"\n  size 32.6 0.3 1.2',
        'name "south wall"\n  size 32.6 0.3',
        "size 32.6 0.3",
        "takes 3 numbers (SFVec3f), found 2",
    ),
    "four numbers for a vector of three": Defect(
        'name "south wall"\n  size 32.6 0.3 1.2',
        'name "south wall"\n  size 32.6 0.3 1.2 4',
        "size 32.6 0.3 1.2 4",
        "found 4",
    ),
    "word for a number": Defect("lineScale 1", "lineScale TRUE", "lineScale", "needs a number, found 'TRUE'"),
    "number for a string": Defect('title "Parkit: perpendicular"', "title 7", "title 7", "needs a string"),
    "no value at all": Defect("lineScale 1", "lineScale", "lineScale", "has no value"),
    "list for a single value": Defect("lineScale 1", "lineScale [ 1 ]", "lineScale", "without brackets"),
    "value that is not allowed": Defect(
        'followType "None"', 'followType "Non"', "followType", 'cannot be "Non"; did you mean None?'
    ),
    "colour out of range": Defect("colorOverride 0.648", "colorOverride 64.8", "colorOverride", "from 0 to 1"),
    "rotation about nothing": Defect(
        "rotation 0 0 1 3.141593", "rotation 0 0 0 3.141593", "rotation 0 0 0", "axis 0 0 0"
    ),
    "PROTO without its EXTERNPROTO": Defect(
        'EXTERNPROTO "../protos/LotWall.proto"\n', "", "LotWall {", "needs a line EXTERNPROTO"
    ),
    "EXTERNPROTO of a file that is not there": Defect(
        "../protos/LotWall.proto", "../LotWall.proto", "../LotWall.proto", "there is no file"
    ),
    "stock PROTO at a wrong place": Defect(
        "objects/floors/protos/Floor", "objects/floor/protos/Floor", "protos/Floor.proto", "is not there in R2025a"
    ),
    "IS outside a PROTO": Defect("lineScale 1", "lineScale IS scale", "lineScale", "inside a PROTO only"),
    "USE before DEF": Defect(
        "contactProperties [", "contactProperties [\n    USE SLIPPERY", "USE SLIPPERY", "no DEF SLIPPERY"
    ),
    "brace that is missing": Defect(
        '  followType "None"\n}', '  followType "None"', "TexturedBackground {", "is a '}' missing?"
    ),
    "brace too many": Defect(
        '  followType "None"\n}', '  followType "None"\n}\n} # here', "} # here", "a '}' too many"
    ),
    "bracket that is missing": Defect(
        "    }\n  ]\n}\nViewpoint",
        "    }\n}\nViewpoint",
        "contactProperties [",
        "'[' of contactProperties is never closed",
    ),
    "quote that is missing": Defect(
        'title "Parkit: perpendicular"', 'title "Parkit: perpendicular', "title", "never closed"
    ),
    "no WorldInfo": Defect("WorldInfo {", "Group { #", "#VRML", "no WorldInfo"),
    "second Viewpoint": Defect(
        "TexturedBackground {", "Viewpoint { } # two\nTexturedBackground {", "# two", "one Viewpoint"
    ),
    "controller that is not there": Defect(
        '"parkit_coach"', '"parkit_couch"', "parkit_couch", 'no controller "parkit_couch"'
    ),
    "two devices of one name": Defect(
        '"from_car"', '"to_car"', 'name "to_car"\n      type "radio"\n      channel 2', "is taken"
    ),
    "two walls of one name": Defect(
        '"north wall"', '"south wall"', "LotWall {\n  translation 0 6.15", '"south wall" is taken'
    ),
    "robot in a bounding object": Defect(
        '  name "examiner"', '  name "examiner"\n  boundingObject GPS { }', "boundingObject GPS", "cannot hold a GPS"
    ),
    "geometry for an appearance": Defect(
        "appearance Asphalt {", "appearance Box { } Asphalt {", "appearance Box", "cannot hold a Box"
    ),
    "IS of a field that is not declared": _elsewhere(
        "protos/LotWall.proto", "baseColor IS color", "baseColor IS colour", "colour", "did you mean color?"
    ),
    "IS of another type": _elsewhere(
        "protos/LotWall.proto", "baseColor IS color", "roughness IS color", "roughness IS color", "is SFColor"
    ),
    "PROTO named otherwise": _elsewhere(
        "protos/Kerb.proto", "PROTO Kerb", "PROTO Curb", "PROTO Curb", "must be named Kerb", world="parallel"
    ),
    "Solid in a Transform": _elsewhere(
        "protos/CarBody.proto",
        "      Shape {",
        "      Solid { }\n      Shape {",
        "Solid { }",
        "cannot stand in a Transform",
    ),
    "two sensors of one name": _elsewhere(
        "protos/LearnerCar.proto",
        '"us_front_right"',
        '"us_front_left"',
        'name "us_front_left"\n        type "sonar"\n        lookupTable [ 0 0 0.01, 4 4 0 ]\n        numberOfRays 10\n        aperture 1.2\n      }\n    ]',
        "device name",
    ),
    "lookup table that runs backwards": _elsewhere(
        "protos/LearnerCar.proto", "[ 0 0 0.01, 4 4 0 ]", "[ 4 4 0.01, 0 0 0 ]", "[ 4 4", "must grow from row to row"
    ),
    "sensor that looks over the cars": _elsewhere(
        "protos/LearnerCar.proto",
        "translation 3 -0.82 0.2",
        "translation 3 -0.82 1.6",
        "DistanceSensor {\n        translation 3 -0.82 1.6",
        "sees no car",
    ),
    "wall too low to be seen": Defect(
        'translation 0 -5.6 0.6\n  name "south wall"\n  size 32.6 0.3 1.2',
        'translation 0 -5.6 0.1\n  name "south wall"\n  size 32.6 0.3 0.2',
        "LotWall {",
        "make it higher, or a Kerb",
    ),
    "bay that is not on the map": Defect(
        "PaintedBay {\n  translation 0 0 0",
        "PaintedBay {\n  translation 0.4 0 0",
        "PaintedBay {\n  translation 0.4",
        "is no slot of perpendicular.lot.json",
    ),
    "slot without paint": _elsewhere(
        "worlds/perpendicular.lot.json", '"entrance_x_m": 2.5', '"entrance_x_m": 2.9', '"A5"', "slot A5 is not painted"
    ),
    "bay of another size": _elsewhere(
        "worlds/perpendicular.lot.json",
        '"inward_yaw_rad": -1.570796, "width_m": 2.5',
        '"inward_yaw_rad": -1.570796, "width_m": 2.3',
        "PaintedBay {\n  translation -7.5",
        "2.3 x 5",
        told_in="worlds/perpendicular.wbt",
    ),
    "wall that the map lacks": _elsewhere(
        "worlds/perpendicular.lot.json",
        "[16.0, -5.45], [16.3, -5.45]",
        "[17.0, -5.45], [17.3, -5.45]",
        "LotWall {\n  translation 16.15",
        '"east wall" is not among the walls',
        told_in="worlds/perpendicular.wbt",
    ),
    "kerb that the map lacks": _elsewhere(
        "worlds/parallel.wbt",
        '  name "south kerb"',
        '  rotation 0 0 1 0.1\n  name "south kerb"',
        "Kerb {\n  translation",
        '"south kerb" is not among the kerbs',
    ),
    "line that is not painted": _elsewhere(
        "worlds/kr_course.lot.json", '"y1_m": -3.8', '"y1_m": -3.4', '"check"', "line check is not painted"
    ),
    "slot without its car": _elsewhere(
        "worlds/perpendicular.wbt",
        "DEF PARKED_A3 ",
        "DEF PARKED_A03 ",
        '"A3"',
        "no DEF PARKED_A3",
        told_in="worlds/perpendicular.lot.json",
    ),
    "car beside its slot": Defect(
        "translation 0 -2.5 0", "translation 0.8 -2.5 0", "DEF PARKED_A4", "does not stand in slot A4"
    ),
    "car whose shape is another's": Defect(
        "rearRight -2.1 -0.725 0.75",
        "rearRight -2.1 -0.625 0.75",
        "DEF PARKED_A1",
        "write rearRight -2.1 -0.725 0.75",
    ),
    "learner in a wall": Defect(
        "translation -11 2 0.28", "translation -11 5.5 0.28", "DEF EGO", 'stands in LotWall "north wall"'
    ),
    "scenario that frees no slot of the map": _elsewhere(
        "worlds/perpendicular.scenario.json", '"A3", "A4"', '"A3", "A44"', "A44", "no slot A44"
    ),
    "scenario with another name for the car": _elsewhere(
        "worlds/perpendicular.scenario.json", '"EGO"', '"EGOO"', "EGOO", "did you mean EGO?"
    ),
    "scenario with a misspelt field": _elsewhere(
        "worlds/perpendicular.scenario.json", '"goals"', '"gaols"', "gaols", "did you mean goals?"
    ),
    "range the wrong way round": _elsewhere(
        "worlds/perpendicular.scenario.json", "[1.9, 2.8]", "[2.8, 1.9]", "2.8, 1.9", "low above high"
    ),
    "mover that the world lacks": _elsewhere(
        "worlds/busy_lot.scenario.json", '"WALKER_1"', '"WALKER_9"', "WALKER_9", "no DEF WALKER_9"
    ),
    "mover that stands still": _elsewhere(
        "worlds/busy_lot.scenario.json", "[0.8, 1.4]", "[0, 0]", '"WALKER_1"', "greater than 0"
    ),
    "more free slots than there are": _elsewhere(
        "worlds/busy_lot.scenario.json", '"free_count": [3, 6]', '"free_count": [3, 60]', "free_count", "asks for 60"
    ),
    "row along no strip": _elsewhere(
        "worlds/parallel.scenario.json", '"strip": "S1"', '"strip": "S7"', "S7", "no strip S7"
    ),
}
