"""Runs jobs side by side, as many as places and memory allow, the longest first.

It knows what jobs are expected to cost, not what they do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from .shards import Cost

Job = TypeVar("Job")
Place = TypeVar("Place")


async def run(
    work: dict[Job, Cost],
    start: Callable[[Job, Place], Awaitable[None]],
    places: Sequence[Place],
    memory: int,
) -> None:
    """Await ``start(job, place)`` for each job of ``work``, each place for one at once.

    Jobs that run together need no more than ``memory`` bytes; one that needs more runs
    alone. If this is cancelled the jobs that run are, and are waited for.
    """
    waiting = sorted(work, key=lambda job: -work[job].seconds)
    empty = list(places)
    running: dict[asyncio.Future[None], tuple[Job, Place]] = {}
    try:
        while waiting or running:
            taken = sum(work[job].memory for job, _ in running.values())
            needs = [work[job].memory for job in waiting]
            number = next_one(needs, memory - taken, alone=not running)
            if number is not None and empty:
                job, place = waiting.pop(number), empty.pop(0)
                running[asyncio.ensure_future(start(job, place))] = job, place
                continue
            ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                empty.append(running.pop(task)[1])
                task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def next_one(needs: Sequence[int], free: int, alone: bool) -> int | None:
    """Return the place of the first need that ``free`` covers.

    ``alone`` says that nothing else runs: then it is the first, whatever it needs.
    """
    fitting = (number for number, need in enumerate(needs) if alone or need <= free)
    return next(fitting, None)
