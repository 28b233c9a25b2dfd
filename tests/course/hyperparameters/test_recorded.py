"""The shipped searches. Alone: pytest tests/course/hyperparameters/test_recorded.py."""

import pytest

from course.errors import CourseError
from course.hyperparameters import Space
from course.hyperparameters.recorded import (
    FILE,
    RECORDED,
    SAMPLERS,
    load_search,
    recorded_search,
)
from course.hyperparameters.recorded.__main__ import N_TRIALS, SPACE


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_recorded_search_is_whole(sampler):
    found = recorded_search(sampler)
    assert found.is_complete
    assert len(found.trials) == N_TRIALS
    assert found.config["sampler"] == sampler
    assert dict(Space(found.space)) == dict(SPACE)
    assert set(found.importance) == set(SPACE)
    for trial in found.trials:
        for name, value in trial["params"].items():
            assert SPACE[name]._contains(SPACE[name].to_internal_repr(value))
        # 256 sentences: an accuracy is a whole number of them.
        assert (trial["value"] * 256).is_integer()


def test_the_file_is_small_and_names_no_folder():
    text = FILE.read_text(encoding="utf-8")
    assert len(text) < 60_000
    assert "/" not in text


def test_a_search_by_itself_and_by_name():
    found = recorded_search("random")
    assert load_search(found) is found
    assert all(load_search(name).name == name for name in RECORDED)


def test_unknown_names():
    with pytest.raises(CourseError, match="Unknown recorded search 'gp'"):
        recorded_search("gp")
    with pytest.raises(CourseError, match="Unknown search 'no-such'"):
        load_search("no-such")
