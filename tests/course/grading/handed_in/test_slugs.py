"""Learners' names as names of folders.

Alone: pytest tests/course/grading/handed_in/test_slugs.py
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.grading.handed_in.slugs import LONGEST, slugs


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Doe, Jane", "doe-jane"), ("alice", "alice"), ("O'Neil-Smith", "o-neil-smith")]
    + [("José Müller", "jose-muller"), ("doejane_12345", "doejane-12345")],
)
def test_usual_names_are_readable(name, slug):
    assert slugs([(name,)]) == [slug]


@pytest.mark.parametrize(
    ("name", "begins"),
    [("../../x", "x"), ("=cmd()", "cmd"), ("李", "learner"), ("x\0y", "x-y")]
    + [("a\nb", "a-b"), ("CON", "con"), ("con", "con"), ("", "learner")]
    + [("a\u202eb", "ab"), ("n" * 300, "n" * LONGEST)],
)
def test_what_is_lost_is_in_the_hash(name, begins):
    (slug,) = slugs([(name,)])
    assert re.fullmatch(rf"{begins}-[0-9a-f]{{6}}", slug)


def test_names_that_look_the_same_differ():
    nfd = "Jose\u0301"
    names = ["alice", "Alice", "ALICE", "alice ", "José", nfd, "jose"]
    found = slugs([(name,) for name in names])
    assert found[0] == "alice"
    assert found[-1] == "jose"
    assert len(set(found)) == len(names)


def test_numbers_tell_people_of_one_name_apart():
    one, two = slugs([("Jane Doe", "moodle", "1"), ("Jane Doe", "moodle", "2")])
    assert one != two
    assert slugs([("Jane Doe", "moodle", "2"), ("Jane Doe", "moodle", "1")]) == [
        two,
        one,
    ]


def test_a_slug_that_somebody_is_called_is_not_given_away():
    (hashed,) = slugs([("李",)])
    first, second = slugs([("李",), (hashed,)])
    assert second == hashed
    assert first.startswith("learner-")
    assert first != hashed


@given(st.lists(st.tuples(st.text()), unique=True))
def test_slugs_are_safe_and_unique(names):
    found = slugs(names)
    assert len({slug.casefold() for slug in found}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", slug) for slug in found)
    assert found == slugs(names)
