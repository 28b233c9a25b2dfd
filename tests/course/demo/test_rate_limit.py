"""Buckets and limits. Alone: pytest tests/course/demo/test_rate_limit.py."""

import threading

import pytest

from course.demo.rate_limit import (
    ADDRESS,
    SESSION,
    RateLimit,
    TokenBuckets,
    is_this_machine,
)

STRANGER = "192.0.2.7"


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_bucket_gives_its_brim_at_once_and_then_its_rate(clock):
    buckets = TokenBuckets(rate=2, brim=3, clock=clock)
    assert [buckets.take("ana") for _ in range(4)] == [0, 0, 0, 0.5]
    clock.now = 0.25
    assert buckets.take("ana") == pytest.approx(0.25)  # asking early costs nothing
    clock.now = 0.5
    assert [buckets.take("ana"), buckets.take("ana")] == [0, 0.5]


def test_a_bucket_holds_no_more_than_its_brim(clock):
    buckets = TokenBuckets(rate=2, brim=3, clock=clock)
    buckets.take("ana")
    clock.now = 1e6
    assert [buckets.take("ana") > 0 for _ in range(4)] == [False, False, False, True]


def test_everyone_has_a_bucket_and_few_are_kept(clock):
    buckets = TokenBuckets(rate=1, brim=1, capacity=2, clock=clock)
    assert [buckets.take(key) for key in "aab"] == [0, 1, 0]
    assert [buckets.take("a"), buckets.take("c")] == [1, 0]  # b was used longest ago
    assert len(buckets) == 2
    assert [buckets.take("a"), buckets.take("b")] == [1, 0]
    for number in range(1000):
        buckets.take(number)
    assert len(buckets) == 2


def test_threads_share_a_bucket():
    buckets = TokenBuckets(rate=1e-9, brim=100)
    given = []

    def take():
        given.extend(buckets.take("ana") == 0 for _ in range(100))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(given) == 100


def test_one_session_does_not_use_up_its_class():
    limit = RateLimit(session=(1e-9, 2), address=(1e-9, 10))
    assert [limit.wait(STRANGER, "a") > 0 for _ in range(3)] == [False, False, True]
    assert limit.wait(STRANGER, "b") == 0


def test_forged_sessions_end_with_their_address():
    limit = RateLimit(session=(1e-9, 2), address=(1e-9, 10))
    given = [limit.wait(STRANGER, f"forged{n}") == 0 for n in range(100)]
    assert sum(given) == 10
    assert limit.wait("192.0.2.8", "a") == 0


def test_programs_of_one_address_share_a_bucket_unless_they_are_the_owners():
    limit = RateLimit(session=(1e-9, 2), address=(1e-9, 10))
    assert [limit.wait(STRANGER) > 0 for _ in range(3)] == [False, False, True]
    assert [limit.wait("127.0.0.1") for _ in range(50)] == [0] * 50
    waits = [limit.wait("127.0.0.1", "a") > 0 for _ in range(3)]
    assert waits == [False, False, True]


def test_passwords_cannot_be_tried_for_long():
    limit = RateLimit(password=(1e-9, 3))
    for address in (STRANGER, "127.0.0.1"):
        waits = [limit.wait_to_log_in(address) > 0 for _ in range(4)]
        assert waits == [False, False, False, True]


def test_a_class_of_thirty_may_open_the_page_and_type():
    requests = 30 * 25  # at once
    assert ADDRESS[1] > 2 * requests
    assert SESSION[0] > 10  # keys a second


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("::1", True), ("192.0.2.7", False), ("", False)],
)
def test_this_machine_is_known_by_its_address(address, own):
    assert is_this_machine(address) is own
