"""Shares of array jobs: each scheduler's own way to number them."""

import pytest

from framework_tabs.execute.array_jobs import NoArray, own_share


def slurm(number, first, last, count):
    """What a job of a Slurm array finds in its environment."""
    names = dict(ID=number, MIN=first, MAX=last, COUNT=count)
    return {f"SLURM_ARRAY_TASK_{name}": str(value) for name, value in names.items()}


def aws_batch(index, size):
    return {
        "AWS_BATCH_JOB_ARRAY_INDEX": str(index),
        "AWS_BATCH_JOB_ARRAY_SIZE": str(size),
    }


@pytest.mark.parametrize(
    ("variables", "share"),
    [
        (slurm(1, 1, 4, 4), (1, 4)),
        (slurm(4, 1, 4, 4), (4, 4)),
        (slurm(0, 0, 3, 4), (1, 4)),
        (slurm(7, 1, 7, 4), (4, 4)),
        (slurm(5, 5, 5, 1), (1, 1)),
        (aws_batch(0, 3), (1, 3)),
        (aws_batch(2, 3), (3, 3)),
    ],
)
def test_a_job_finds_its_share(variables, share):
    assert own_share(variables=variables) == share


def test_kubernetes_counts_from_zero_and_has_to_be_told_how_many_there_are():
    variables = {"JOB_COMPLETION_INDEX": "1"}
    assert own_share(8, variables) == (2, 8)
    with pytest.raises(NoArray, match="auto/8"):
        own_share(variables=variables)


@pytest.mark.parametrize(("number", "last"), [(1, 10), (2, 10), (10, 10), (2, 9)])
def test_an_array_with_gaps_is_refused(number, last):
    with pytest.raises(NoArray, match="--array=1-3"):
        own_share(variables=slurm(number, 1, last, 3))


def test_a_job_beyond_the_shares_is_refused():
    with pytest.raises(NoArray, match="9.*8"):
        own_share(8, {"JOB_COMPLETION_INDEX": "8"})


def test_a_lone_job_is_told_to_name_its_share():
    with pytest.raises(NoArray, match="--shard 2/4"):
        own_share(variables={})
