"""Which share of the notebooks is this job's, where a scheduler starts many alike.

Slurm, AWS Batch and Kubernetes number the jobs of an array in environment variables.
"""

import os
from collections.abc import Mapping

from ..messages import _

SLURM = "SLURM_ARRAY_TASK_ID"
AWS_BATCH = "AWS_BATCH_JOB_ARRAY_INDEX"
KUBERNETES = "JOB_COMPLETION_INDEX"


class NoArray(Exception):
    """This is no job of an array, or its size is unknown."""


def own_share(
    count: int | None = None, variables: Mapping[str, str] = os.environ
) -> tuple[int, int]:
    """Return this job's number, the first being 1, and how many jobs there are.

    ``count`` is how many there are where the scheduler does not say it.
    """
    if SLURM in variables:
        number, said = _slurm(variables)
    elif AWS_BATCH in variables:
        number = int(variables[AWS_BATCH]) + 1
        said = int(variables["AWS_BATCH_JOB_ARRAY_SIZE"])
    elif KUBERNETES in variables:
        number, said = int(variables[KUBERNETES]) + 1, None
    else:
        raise NoArray(
            _(
                "--shard auto: this is no job of an array: none of {variables} is set. "
                "Name the share, as in --shard 2/4."
            ).format(variables=", ".join([SLURM, AWS_BATCH, KUBERNETES]))
        )
    return _checked(number, count or said)


def _slurm(variables: Mapping[str, str]) -> tuple[int, int]:
    """Slurm's numbers begin anywhere, and may be some steps apart."""
    first, last, count = (
        int(variables[f"SLURM_ARRAY_TASK_{name}"]) for name in ("MIN", "MAX", "COUNT")
    )
    step = (last - first) // max(count - 1, 1) or 1
    place, rest = divmod(int(variables[SLURM]) - first, step)
    if rest or first + step * (count - 1) != last:
        raise NoArray(
            _(
                "--shard auto: the numbers of this array are not equally far apart. "
                "Use --array=1-{count}."
            ).format(count=count)
        )
    return place + 1, count


def _checked(number: int, count: int | None) -> tuple[int, int]:
    if count is None:
        raise NoArray(
            _(
                "--shard auto: Kubernetes does not tell a job how many there are. Say "
                "it, as in --shard auto/8."
            )
        )
    if number > count:
        raise NoArray(
            _(
                "--shard auto: this is job {number} of only {count}. Make as many jobs "
                "as there are shares."
            ).format(number=number, count=count)
        )
    return number, count
