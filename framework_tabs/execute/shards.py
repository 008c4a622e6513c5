"""What notebooks cost, by their last runs, and how they are dealt out to runners.

The costs are those that the notebooks of the last commit recorded. Where there is none,
those on the disk tell what may run side by side, but not how notebooks are dealt out:
every runner must deal alike, and one that starts again after an interruption find its
own share, though the notebooks on its disk have new times.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from ..store.record import MARK

UNKNOWN_SECONDS = 60
STARTUP_SECONDS = 1
UNKNOWN_MEMORY = 8 * 2**30


@dataclass(frozen=True)
class Cost:
    """What a run takes: ``seconds``, and ``memory`` in bytes at its largest."""

    seconds: float
    memory: int


def costs(paths: Sequence[Path], root: Path) -> list[Cost]:
    """Return what running each notebook at ``paths`` is likely to take.

    A notebook that never ran takes the average time and the largest memory of others.
    """
    committed = _committed(paths, root)
    runs = [_run(committed.get(path) or _on_disk(path)) for path in paths]
    seconds = [run["seconds"] for run in runs if "seconds" in run]
    memory = [run["peak_memory"] for run in runs if "peak_memory" in run]
    average = mean(seconds) if seconds else UNKNOWN_SECONDS
    largest = max(memory, default=UNKNOWN_MEMORY)
    return [
        Cost(run.get("seconds", average), run.get("peak_memory", largest))
        for run in runs
    ]


def lengths(paths: Sequence[Path], root: Path) -> list[float]:
    """Return the seconds that each notebook is likely to take, alike on every runner.

    One that is not in the last commit, or never ran, takes the average time of others.
    """
    committed = _committed(paths, root)
    known = [_run(committed.get(path, b"")).get("seconds") for path in paths]
    average = mean([s for s in known if s is not None] or [UNKNOWN_SECONDS])
    return [average if seconds is None else seconds for seconds in known]


def share(seconds: Sequence[float], number: int, count: int) -> list[int]:
    """Return the places in ``seconds`` of what runner ``number`` of ``count`` gets.

    The longest first, each to the runner who has the least so far: no one has more than
    an equal part and the longest.
    """
    loads, mine = [0.0] * count, []
    order = sorted(range(len(seconds)), key=lambda place: -seconds[place])
    for place in order:
        least = min(range(count), key=loads.__getitem__)
        # Even a notebook of no time costs a start.
        loads[least] += seconds[place] + STARTUP_SECONDS
        if least == number - 1:
            mine.append(place)
    return sorted(mine)


def _committed(paths: Sequence[Path], root: Path) -> dict[Path, bytes]:
    """Return what the last commit holds at ``paths``; nothing without git."""
    names = {path: f"HEAD:./{path.relative_to(root).as_posix()}" for path in paths}
    command = ["git", "-C", str(root), "cat-file", "--batch"]
    asked = "".join(f"{name}\n" for name in names.values()).encode()
    try:
        answer = subprocess.run(command, input=asked, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    found, rest = {}, answer.stdout
    for path in names:
        head, _, rest = rest.partition(b"\n")
        words = head.split()
        if len(words) == 3 and words[1] == b"blob":
            size = int(words[2])
            found[path], rest = rest[:size], rest[size + 1 :]
    return found


def _on_disk(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _run(content: bytes) -> dict[str, Any]:
    """Return the record of a notebook's run; an empty one if there is none."""
    try:
        run: dict[str, Any] = json.loads(content)["metadata"][MARK]["run"]
        return run
    except (ValueError, LookupError, TypeError):
        return {}
