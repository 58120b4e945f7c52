import numpy as np
import pytest

from ops.study.validity import agreement, main, measure, spearman


def test_more_skilled_learners_score_higher_and_the_same_seed_gives_the_same_figures() -> None:
    result = measure(drivers=25, sessions=6, seed=3)
    assert result == measure(drivers=25, sessions=6, seed=3)
    assert result.mean_by_fifth == sorted(result.mean_by_fifth)
    assert result.spearman > 0.7
    assert 0.0 < result.icc_single < result.icc < 1.0
    assert 0.0 < result.icc_retest < 1.0


def test_agreement_is_one_where_both_measurements_are_the_same_and_none_where_they_have_nothing_in_common() -> None:
    first = np.array([1.0, 2.0, 3.0, 4.0])
    assert agreement(first, first) == pytest.approx(1.0)
    assert agreement(first, first[::-1]) < 0.0


def test_the_rank_correlation_of_a_falling_curve_is_minus_one_and_ties_share_their_rank() -> None:
    assert spearman(np.array([1.0, 2.0, 3.0]), np.array([9.0, 4.0, 1.0])) == pytest.approx(-1.0)
    assert spearman(np.array([1.0, 1.0, 2.0]), np.array([5.0, 5.0, 7.0])) == pytest.approx(1.0)


def test_too_few_learners_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--drivers", "3"])
    assert "at least 5 drivers and 2 sessions each are needed, not 3 and 10" in capsys.readouterr().err
