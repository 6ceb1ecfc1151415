from typing import Any

import pytest
from fake_model import Scenario

from simulator.study import cost


@pytest.fixture(autouse=True)
def _roomy(monkeypatch):
    monkeypatch.setattr(cost, "free_memory", lambda: 64_000_000_000)


def test_a_single_replication_gets_all_threads():
    shared = cost.plan(1, 100_000, 96, "fast", threads=8)
    assert (shared.workers, shared.threads) == (1, 8)


def test_much_work_is_shared_out_to_processes():
    shared = cost.plan(16, 100_000, 96, "fast", threads=8)
    assert (shared.workers, shared.threads) == (8, 1)
    assert shared.memory == 8 * cost.plan(1, 100_000, 96, "fast", threads=8).memory


def test_little_work_stays_where_it_is():
    assert cost.plan(4, 100, 2, "fast", threads=8).workers == 1


def test_processes_share_the_memory_that_is_free(monkeypatch):
    one = cost.plan(1, 1_000_000, 96, "fast", threads=8).memory
    monkeypatch.setattr(cost, "free_memory", lambda: int(3.1 * one / cost.SAFE))
    assert cost.plan(16, 1_000_000, 96, "fast", threads=8).workers <= 3
    monkeypatch.setattr(cost, "free_memory", lambda: one // 2)
    assert cost.plan(16, 1_000_000, 96, "fast", threads=8).workers == 1


def test_threads_and_processes_never_exceed_the_cores():
    for jobs in range(1, 20):
        shared = cost.plan(jobs, 100_000, 96, "fast", threads=6)
        rounds = [range(first, min(first + shared.workers, jobs)) for first in range(0, jobs, shared.workers)]
        for together in rounds:
            assert sum(shared.threads_of(job, jobs) for job in together) <= 6


def test_a_last_round_with_few_replications_uses_all_cores():
    shared = cost.plan(10, 100_000, 96, "fast", threads=8, workers=8)
    assert [shared.threads_of(job, 10) for job in range(10)] == [1] * 8 + [4] * 2
    whole = cost.plan(8, 100_000, 96, "fast", threads=8, workers=8).seconds
    assert whole < shared.seconds < cost.plan(16, 100_000, 96, "fast", threads=8, workers=8).seconds


def test_arms_share_one_burn_in():
    assert cost.size(Scenario()).months(1) == 2 + 14
    assert cost.size(Scenario()).months(5) == 2 + 5 * 14


@pytest.mark.parametrize(
    "more", [{"jobs": 5}, {"families": 40_000}, {"months": 120}, {"engine": "agents"}, {"threads": 1}]
)
def test_more_work_and_fewer_cores_take_longer(more):
    usual: dict[str, Any] = {"jobs": 4, "families": 20_000, "months": 96, "engine": "fast", "threads": 4}
    assert cost.plan(**(usual | more)).seconds > cost.plan(**usual).seconds
