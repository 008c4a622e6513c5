"""Packing: jobs side by side never need more than there is."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework_tabs.execute import scheduler
from framework_tabs.execute.shards import Cost

COSTS = st.lists(st.builds(Cost, st.integers(0, 50), st.integers(0, 100)), max_size=12)


def trace(costs, places, memory):
    """Pack jobs that do nothing for a while; what ran together, in order of starts."""
    work = dict(enumerate(costs))
    now, starts, together = {}, [], []

    async def start(job, place):
        now[job] = place
        starts.append(job)
        together.append(dict(now))
        for _ in range(work[job].seconds):
            await asyncio.sleep(0)
        del now[job]

    asyncio.run(scheduler.run(work, start, places, memory))
    return starts, together


@settings(deadline=None)
@given(COSTS, st.integers(1, 4), st.integers(0, 200))
def test_each_job_runs_once_within_places_and_memory(costs, count, memory):
    starts, together = trace(costs, range(count), memory)
    assert sorted(starts) == list(range(len(costs)))
    for running in together:
        assert len(set(running.values())) == len(running)
        needed = sum(costs[job].memory for job in running)
        assert needed <= memory or len(running) == 1


@settings(deadline=None)
@given(COSTS)
def test_with_one_place_the_longest_come_first(costs):
    starts, _ = trace(costs, [None], 0)
    seconds = [costs[job].seconds for job in starts]
    assert seconds == sorted(seconds, reverse=True)


def test_a_small_job_fills_what_a_large_one_leaves():
    large, medium, small = Cost(9, 60), Cost(5, 60), Cost(1, 30)
    _, together = trace([large, medium, small], "ab", 100)
    assert set(together[1]) == {0, 2}
    assert all(set(running) != {0, 1} for running in together)


def test_a_cancelled_run_waits_until_its_jobs_have_ended():
    ended = []

    async def start(job, _):
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append(job)

    async def cancelled():
        costs = {name: Cost(1, 0) for name in "abc"}
        task = asyncio.create_task(scheduler.run(costs, start, [1, 2], 0))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return list(ended)

    assert asyncio.run(cancelled()) == ["a", "b"]
