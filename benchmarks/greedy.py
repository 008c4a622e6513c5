"""How long jobs take on some slots if Snakemake's own scheduler chooses among them.

Runs in an environment with Snakemake and nothing else of this repository. Standard
input is JSON: ``expected`` and ``actual`` seconds of each job, and ``slots``; standard
output the seconds until the last job has ended. Time is simulated, choosing is not.
"""

import heapq
import json
import logging
import sys
from dataclasses import dataclass, field

from snakemake.scheduling.greedy import Scheduler, SchedulerSettings


@dataclass
class Job:
    """What the scheduler looks at: a notebook's priority and the one slot it takes."""

    priority: float
    seconds: float
    input: tuple = ()
    scheduler_resources: dict = field(default_factory=lambda: {"_cores": 1})


def makespan(expected, actual, slots):
    """Return when the last job ends; a choice is made whenever one does."""
    scheduler = Scheduler(None, SchedulerSettings(), logging.getLogger())
    waiting = [Job(*each) for each in zip(expected, actual, strict=True)]
    ends, now, free = [], 0.0, slots
    while waiting or ends:
        chosen = scheduler.select_jobs(waiting, waiting, {"_cores": free}, {})
        for job in chosen:
            waiting.remove(job)
            heapq.heappush(ends, now + job.seconds)
        now = heapq.heappop(ends)
        free += 1 - len(chosen)
    return now


if __name__ == "__main__":
    print(json.dumps(makespan(**json.load(sys.stdin))))
