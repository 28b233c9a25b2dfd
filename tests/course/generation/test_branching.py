"""Texts that begin alike. Alone: pytest tests/course/generation."""

import pytest

from course.generation import keep_path, list_branches, path_probability


@pytest.mark.parametrize(
    ("path", "branches", "kept"),
    [
        ((1,), [], ((1,),)),
        ((1, 2), [(1,), (3,)], ((1, 2), (3,))),  # goes on in its place
        ((1,), [(1, 2)], ((1, 2),)),  # one goes through it
        ((2,), [(1, 2)], ((1, 2), (2,))),
        ((1, 2), [(1, 2)], ((1, 2),)),
        ((1, 2), [(1,), (1, 2)], ((1,), (1, 2))),
    ],
)
def test_keep_path(path, branches, kept):
    assert keep_path(path, branches) == kept


def test_tree_of_three_ways():
    found = list_branches([(1, 2, 3), (1, 4), (1, 2, 5, 6)])
    assert [(b.start, b.path, b.depth) for b in found] == [
        ((), (1,), 0),
        ((1,), (1, 2), 1),
        ((1, 2), (1, 2, 3), 2),
        ((1, 2), (1, 2, 5, 6), 2),
        ((1,), (1, 4), 1),
    ]


def test_a_way_without_a_fork_is_one_line():
    assert [b.path for b in list_branches([(1, 2, 3), (1, 2)])] == [(1, 2, 3)]
    assert list_branches([()]) == []


def test_ways_from_the_root_stand_side_by_side():
    assert [b.depth for b in list_branches([(1,), (2,)])] == [0, 0]


def test_every_token_stands_in_one_line():
    paths = [(a, b, c) for a in range(3) for b in range(2) for c in range(2)]
    found = list_branches(paths)
    nodes = {path[:length] for path in paths for length in (1, 2, 3)}
    assert sum(len(b.path) - len(b.start) for b in found) == len(nodes)


def test_path_probability():
    assert path_probability([0.5, 0.2]) == pytest.approx(0.1)
    assert path_probability([]) == 1
