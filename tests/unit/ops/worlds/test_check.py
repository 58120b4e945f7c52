"""`parkit world check` lets good worlds pass and names the line of everything that is wrong with a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.worlds.check import check
from tests.unit.ops.worlds.defects import DEFECTS, Defect

ROOT = Path(__file__).resolve().parents[4]
REAL = Path(__file__).parent / "real"
OURS = sorted((ROOT / "worlds").glob("*.wbt"))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_worlds_pass_without_a_warning(path: Path) -> None:
    findings = check([path])
    assert [str(item) for item in findings.items if item.severity != "note"] == []


@pytest.mark.parametrize("path", sorted((ROOT / "protos").glob("*.proto")), ids=lambda path: path.stem)
def test_our_protos_pass_on_their_own(path: Path) -> None:
    assert check([path]).items == []


@pytest.mark.parametrize("path", sorted(REAL.glob("*.wbt")), ids=lambda path: path.stem)
def test_worlds_that_webots_would_load_are_accepted(path: Path) -> None:
    assert [str(item) for item in check([path]).items if item.severity == "error"] == []


def test_what_is_not_checked_is_said() -> None:
    told = {(Path(item.file).name, item.line): item.message for item in check([REAL / "furnished.wbt"]).items}
    assert "Ruler is a template" in told["Ruler.proto", 4]
    assert "the fields of Sofa are not checked" in told["furnished.wbt", 6]
    assert "older than R2025a" in told["Shelf.proto", 1]
    assert "of Webots R2023b" in told["furnished.wbt", 5]


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS.keys())
def test_a_spoilt_world_is_refused_at_the_right_line(defect: Defect, project: Path) -> None:
    path = project / defect.file
    text = path.read_text(encoding="utf-8")
    assert defect.old in text
    path.write_text(text.replace(defect.old, defect.new, 1), encoding="utf-8")
    findings = check([project / "worlds" / f"{defect.world}.wbt"])
    told_in = project / (defect.told_in or defect.file)
    told = told_in.read_text(encoding="utf-8")
    assert defect.at in told
    line = told.count("\n", 0, told.index(defect.at)) + 1
    errors = [item for item in findings.items if item.severity == "error"]
    assert any(item.file == str(told_in) and item.line == line and defect.says in item.message for item in errors), (
        f"line {line} wanted, told:\n" + "\n".join(map(str, findings.sorted()))
    )


def test_one_mistake_does_not_hide_the_next(project: Path) -> None:
    path = project / "worlds" / "perpendicular.wbt"
    text = path.read_text(encoding="utf-8")
    for old, new in (("ERP 0.6", "ERPP 0.6"), ("lineScale 1", "lineScale"), ('"parkit_examiner"', '"nobody"')):
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    assert len([item for item in check([path]).items if item.severity == "error"]) == 3


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert [item.message for item in check([tmp_path / "gone.wbt"]).items] == ["there is no such file."]
