"""`parkit world check`: is this world what Webots, the stand-in and its own lot map take it for?"""

from __future__ import annotations

from pathlib import Path

from ops.worlds.check.catalogue import Catalogue, Shelf
from ops.worlds.check.companions import check_companions
from ops.worlds.check.fields import FieldChecker
from ops.worlds.check.findings import Finding, Findings
from ops.worlds.check.structure import check_header, check_nodes, check_structure
from ops.worlds.check.syntax import FileText
from worlds.headless.errors import WorldError
from worlds.headless.scenery import Scenery
from worlds.headless.vrml.parser import World, parse_world

__all__ = ["Finding", "Findings", "check"]


def check(paths: list[Path]) -> Findings:
    """Everything wrong, odd or unchecked in these .wbt and .proto files and the PROTOs they use."""
    findings = Findings()
    shelf = Shelf(findings)
    for path in paths:
        _check_file(path, shelf)
    return findings


def _check_file(path: Path, shelf: Shelf) -> None:
    findings = shelf.findings
    if not path.is_file():
        findings.error(path, 1, "there is no such file.")
        return
    before = findings.errors
    check_header(path, findings)
    opened = shelf.open(path)
    if opened is not None:
        text, names = opened
        _check_text(text, names, findings)
    while shelf.unread:
        proto = shelf.unread.pop()
        check_header(proto.path, findings)
        _check_text(proto, shelf.catalogue(proto), findings)
    if path.suffix == ".wbt" and findings.errors == before:
        _check_scene(path, findings)


def _check_text(text: FileText, names: Catalogue, findings: Findings) -> None:
    if text.template:
        findings.note(
            text.path, text.proto_line, f"{text.proto} is a template: its fields are known, its body is not checked."
        )
    checker = FieldChecker(text, names, findings)
    checker.check()
    check_nodes(text, names, findings)
    if text.proto:
        if not text.template and len(text.nodes) != 1:
            sentence = f"the body of PROTO {text.proto} must be exactly one node, found {len(text.nodes)}."
            findings.error(text.path, text.proto_line, sentence)
    else:
        check_structure(text, names, checker.used, findings)


def _check_scene(path: Path, findings: Findings) -> None:
    """What can be said only of a world that the stand-in can build."""
    ours = path.with_suffix(".lot.json").exists() or path.with_suffix(".scenario.json").exists()
    try:
        world: World = parse_world(path)
        scenery = Scenery(world)
    except WorldError as error:
        if ours:
            findings.error(error.file, error.line, error.sentence)
        else:
            findings.note(error.file, error.line, f"the stand-in cannot run this world: {error.sentence}")
        return
    check_companions(path, world, scenery, findings)
