"""Run alone: pytest tests/course/evaluation/test_comparison.py."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from course.errors import CourseError
from course.evaluation.comparison import paired_comparison


def _scores(only_a: int, only_b: int, both: int, neither: int):
    a = [1] * only_a + [0] * only_b + [1] * both + [0] * neither
    b = [0] * only_a + [1] * only_b + [1] * both + [0] * neither
    return np.array(a, dtype=bool), np.array(b, dtype=bool)


def test_mcnemar_known_value():
    """Split 12 to 3: statsmodels' mcnemar(exact=True) gives 0.03515625."""
    result = paired_comparison(*_scores(12, 3, 40, 5))
    assert result.p_value == pytest.approx(0.03515625, abs=1e-12)
    assert (result.only_a, result.only_b) == (12, 3)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_equals_scipys_sign_test(only_a, only_b):
    result = paired_comparison(*_scores(only_a, only_b, 3, 3), n_resamples=2)
    total = only_a + only_b
    theirs = stats.binomtest(only_a, total).pvalue if total else 1.0
    assert result.p_value == pytest.approx(theirs, rel=1e-9)


def test_many_disagreements_do_not_overflow():
    result = paired_comparison(*_scores(3000, 2700, 0, 0))
    theirs = stats.binomtest(3000, 5700).pvalue
    assert result.p_value == pytest.approx(theirs, rel=1e-6)


def test_the_better_one_is_named():
    a, b = _scores(30, 5, 60, 5)
    assert paired_comparison(a, b, names=("lora", "head")).better == "lora"
    result = paired_comparison(b, a, names=("head", "lora"))
    assert result.better == "lora"
    assert str(result).startswith("lora is better: head - lora = -0.250 [")


def test_equal_models_are_not_distinguishable():
    a, _ = _scores(0, 0, 50, 50)
    result = paired_comparison(a, a)
    assert (result.better, result.p_value) == (None, 1.0)
    assert str(result).startswith("not distinguishable: a - b = 0.000")


def test_five_items_are_too_few_even_if_all_differ():
    """The bootstrap interval is [1, 1] here; McNemar's 2 / 2**5 = 0.0625 says wait."""
    result = paired_comparison(*_scores(5, 0, 0, 0))
    assert result.difference.low == 1
    assert result.better is None


def test_chance_alone_is_seldom_called_a_difference():
    generator = np.random.default_rng(0)
    named = 0
    for seed in range(200):
        a, b = generator.random((2, 150)) < 0.8
        named += paired_comparison(a, b, seed, n_resamples=200).better is not None
    assert named / 200 <= 0.08  # 0.05 and two standard errors


def test_pairing_sees_what_separate_intervals_hide():
    easy = np.random.default_rng(1).random(400) < 0.5
    a, b = easy.copy(), easy.copy()
    a[np.flatnonzero(~easy)[:12]] = True
    result = paired_comparison(a, b)
    assert result.better == "a"  # 0.03 apart; each alone is known to +-0.05


def test_other_scores_have_no_mcnemar():
    b = np.linspace(0, 0.8, 100)
    result = paired_comparison(b + 0.1, b)
    assert (result.p_value, result.only_a, result.better) == (None, None, "a")
    assert "p=" not in str(result)


def test_one_item_is_not_distinguishable():
    assert paired_comparison([0.9], [0.1]).better is None


def test_json_holds_the_verdict():
    data = json.loads(json.dumps(paired_comparison(*_scores(3, 1, 5, 5)).to_dict()))
    assert data["better"] is None
    assert data["verdict"].startswith("not distinguishable")


def test_different_lengths_are_refused():
    with pytest.raises(CourseError, match="2 and 3 items came"):
        paired_comparison([1, 0], [1, 0, 1])
