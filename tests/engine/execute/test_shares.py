"""Shares: what notebooks cost, and how they are dealt out to runners."""

import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework_tabs.execute.shards import (
    STARTUP_SECONDS,
    UNKNOWN_MEMORY,
    UNKNOWN_SECONDS,
    Cost,
    costs,
    lengths,
    share,
)

SECONDS = st.lists(st.floats(0, 10_000), max_size=40)
COUNTS = st.integers(1, 8)


@settings(deadline=None)
@given(SECONDS, COUNTS)
def test_every_notebook_is_in_exactly_one_share(seconds, count):
    shares = [share(seconds, number, count) for number in range(1, count + 1)]
    assert sorted(sum(shares, [])) == list(range(len(seconds)))


@settings(deadline=None)
@given(SECONDS, COUNTS)
def test_no_share_is_longer_than_an_equal_part_and_the_longest_notebook(seconds, count):
    each = [second + STARTUP_SECONDS for second in seconds]
    for number in range(1, count + 1):
        load = sum(each[place] for place in share(seconds, number, count))
        assert load <= sum(each) / count + max(each, default=0) + 1e-6


def test_what_takes_long_is_spread_and_the_rest_fills_up():
    seconds = [5, 600, 10, 300, 290]
    assert [share(seconds, number, 2) for number in (1, 2)] == [[0, 1], [2, 3, 4]]


def test_there_may_be_more_runners_than_notebooks():
    assert [share([1.0], number, 3) for number in (1, 2, 3)] == [[0], [], []]


def notebook(folder, name: str, **run):
    """Write the part of a notebook that says what its run took."""
    path = folder / name
    path.write_text(json.dumps({"metadata": {"framework_tabs": {"run": run}}}))
    return path


def test_a_cost_is_what_the_notebook_recorded(tmp_path):
    path = notebook(tmp_path, "a.ipynb", seconds=12.5, peak_memory=300)
    assert costs([path], tmp_path) == [Cost(12.5, 300)]


def test_what_never_ran_counts_as_average_in_time_and_as_the_largest_in_memory(
    tmp_path,
):
    paths = [
        notebook(tmp_path, "a.ipynb", seconds=10, peak_memory=300),
        notebook(tmp_path, "b.ipynb", seconds=20, peak_memory=100),
        tmp_path / "gone.ipynb",
    ]
    assert costs(paths, tmp_path)[2] == Cost(15, 300)
    assert costs(paths[2:], tmp_path) == [Cost(UNKNOWN_SECONDS, UNKNOWN_MEMORY)]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"metadata": 3}'])
def test_an_unreadable_notebook_counts_as_one_that_never_ran(tmp_path, content):
    (tmp_path / "a.ipynb").write_text(content)
    (cost,) = costs([tmp_path / "a.ipynb"], tmp_path)
    assert cost == Cost(UNKNOWN_SECONDS, UNKNOWN_MEMORY)


def test_the_last_commit_counts_so_that_a_second_try_gets_the_same_share(tmp_path):
    root = tmp_path / "depo"
    (root / "kitap ğ").mkdir(parents=True)
    path = notebook(root / "kitap ğ", "a b.ipynb", seconds=100, peak_memory=1)
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], check=True)
    notebook(root / "kitap ğ", "a b.ipynb", seconds=7, peak_memory=7)
    new = notebook(root / "kitap ğ", "new.ipynb", seconds=8, peak_memory=8)
    assert costs([new, path], root / "kitap ğ") == [Cost(8, 8), Cost(100, 1)]
    assert lengths([new, path], root / "kitap ğ") == [100, 100]


def test_what_is_on_the_disk_alone_does_not_change_how_notebooks_are_dealt(tmp_path):
    path = notebook(tmp_path, "a.ipynb", seconds=7)
    assert lengths([path], tmp_path) == [UNKNOWN_SECONDS]
