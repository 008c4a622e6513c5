"""Free memory: the machine's, within the limits of the control groups."""

from collections import namedtuple

import psutil
import pytest

from framework_tabs.execute import free_memory

GIB = 2**30
FIRST = {
    "limit": "memory.limit_in_bytes",
    "usage": "memory.usage_in_bytes",
    "cached": "total_inactive_file",
}
SECOND = {"limit": "memory.max", "usage": "memory.current", "cached": "inactive_file"}


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine of which 10 GiB are available."""
    available = namedtuple("Memory", "available")(10 * GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: available)


def group(folder, names, limit, usage, cached=0):
    """Write the files of a control group."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names["limit"]).write_text(f"{limit}\n")
    (folder / names["usage"]).write_text(f"{usage}\n")
    (folder / "memory.stat").write_text(f"anon 5\n{names['cached']} {cached}\n")


def belongs_to(system, line):
    """Say which group this process belongs to."""
    (system / "proc/self").mkdir(parents=True)
    (system / "proc/self/cgroup").write_text(f"{line}\n")


def test_without_groups_it_is_what_the_machine_has_available(tmp_path):
    assert free_memory.free(tmp_path) == 10 * GIB


def test_a_limit_of_a_container_counts_and_cached_files_are_free(tmp_path):
    belongs_to(tmp_path, "0::/a/b")
    group(tmp_path / "sys/fs/cgroup/a/b", SECOND, 4 * GIB, 3 * GIB, cached=2 * GIB)
    assert free_memory.free(tmp_path) == 3 * GIB


def test_the_limit_of_a_group_above_counts_too(tmp_path):
    belongs_to(tmp_path, "0::/a/b")
    group(tmp_path / "sys/fs/cgroup/a/b", SECOND, "max", 3 * GIB)
    group(tmp_path / "sys/fs/cgroup/a", SECOND, 5 * GIB, 3 * GIB)
    assert free_memory.free(tmp_path) == 2 * GIB


def test_the_first_version_of_groups_is_understood(tmp_path):
    belongs_to(tmp_path, "4:memory:/x")
    group(tmp_path / "sys/fs/cgroup/memory/x", FIRST, 2 * GIB, GIB)
    assert free_memory.free(tmp_path) == GIB


def test_a_container_that_sees_its_group_as_the_root_is_limited(tmp_path):
    belongs_to(tmp_path, "4:memory:/docker/123")
    group(tmp_path / "sys/fs/cgroup/memory", FIRST, 2 * GIB, GIB)
    assert free_memory.free(tmp_path) == GIB


def test_a_group_that_is_over_its_limit_has_nothing_left(tmp_path):
    belongs_to(tmp_path, "0::/")
    group(tmp_path / "sys/fs/cgroup", SECOND, GIB, 2 * GIB)
    assert free_memory.free(tmp_path) == 0
