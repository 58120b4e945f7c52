from collections.abc import Callable

import pytest

from coach_core.scoring import Rubric, load_rubric
from ops.study import rubrics
from ops.study.course_oracle import judge
from ops.study.course_script import LineTouch, boundaries
from ops.study.rubrics import compare, main, score
from tests.unit.coach_core.scoring.sessions import rubric, rubric_data


def test_rubric_and_examiner_agree_on_every_boundary_and_on_drawn_sessions() -> None:
    result = compare(sessions=len(boundaries()) + 60, seed=7)
    assert (result.equal, result.differences) == (result.sessions, [])
    assert set(result.hits) == {rule.key for rule in rubric(rubrics.RUBRIC).rules} - {"kr.belt"}
    assert min(result.passed, result.failed, result.unscored) > 0


def changed(**limits: float) -> Callable[[str], Rubric]:
    """The rubric with these limits changed wherever a rule has them, as its own loader gives it."""
    data = rubric_data(rubrics.RUBRIC)
    for rule in data["rules"]:
        rule["limits"] = {name: limits.get(name, value) for name, value in rule.get("limits", {}).items()}
    return lambda _: load_rubric(data)


@pytest.mark.parametrize(
    "limits", [{"per_s": 119.9}, {"within_s": 30.1}, {"leave_m": 0.6}, {"rear_wheels": 1}, {"moving_mps": 0.09}]
)
def test_a_rubric_with_another_limit_is_noticed(limits: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rubrics, "builtin_rubric", changed(**limits))
    result = compare(sessions=len(boundaries()), seed=1)
    assert result.equal < result.sessions
    assert result.differences[0].startswith("session ")


def test_the_boundaries_say_what_they_try() -> None:
    abouts = [script.about for script in boundaries()]
    assert len(set(abouts)) == len(abouts)
    for seconds in ("119.9", "120.0", "120.1", "240.0", "240.1"):
        assert f"{seconds} s after the entry line" in abouts


def test_a_known_session_is_judged_as_the_book_says() -> None:
    """Two touches, and out of the bay before the brake: 100 - 3 x 10."""
    by_name = {script.about: script for script in boundaries()}
    script = by_name["no brake"]
    touches = tuple(LineTouch(at, "detection", "rear_left") for at in (220, 300))
    script = script._replace(lines=script.lines + touches)
    assert (judge(script).score, judge(script).passed) == (70, False)
    assert score(script).score == 70.0


def test_the_command_prints_the_comparison_and_is_content_when_all_is_equal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--sessions", "10", "--seed", "3"]) == 0
    assert '"equal": 10' in capsys.readouterr().out


def test_no_sessions_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="at least one session"):
        compare(0, 1)
    with pytest.raises(SystemExit):
        main(["--sessions", "0"])
    assert "--sessions must be at least 1" in capsys.readouterr().err
