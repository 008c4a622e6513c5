"""How much memory is free: on the machine, and within the limits of a container."""

from collections.abc import Iterator
from pathlib import Path

import psutil

SYSTEM = Path("/")


def free(system: Path = SYSTEM) -> int:
    """Return the bytes that new processes may take; ``system`` is the root of files."""
    return min([psutil.virtual_memory().available, *_left_in_groups(system)])


def _left_in_groups(system: Path) -> Iterator[int]:
    """Yield what is left in each control group that this process belongs to."""
    for folder, limit, usage, cached in _groups(system):
        try:
            most = int((folder / limit).read_text())
            used = int((folder / usage).read_text())
            lines = (folder / "memory.stat").read_text().splitlines()
        except (OSError, ValueError):  # no such group, or "max": no limit
            continue
        # Cached files give way to whoever needs the memory.
        given_back = int(dict(line.split() for line in lines).get(cached, 0))
        yield max(0, most - used + given_back)


def _groups(system: Path) -> Iterator[tuple[Path, str, str, str]]:
    """Yield the groups' folders with the names that their version gives to facts.

    A container may see its own group in place of the root, whatever path is written.
    """
    first = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    second = ("memory.max", "memory.current", "inactive_file")
    try:
        lines = (system / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for _, kinds, path in (line.split(":", 2) for line in lines):
        if kinds in ("", "memory"):
            top = system / "sys/fs/cgroup" / kinds
            own = top / path.strip("/")
            for folder in dict.fromkeys([own, *own.parents]):
                if folder.is_relative_to(top):
                    yield folder, *(first if kinds else second)
