"""One notebook to bring up to date, and what is said of it while that goes on."""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..config import Framework, Settings
from ..messages import _
from ..source.cell import Cell, Chapter
from ..store import record
from .gpus import Card


def say(text: str) -> None:
    """Show progress: one line on standard error."""
    print(text, file=sys.stderr, flush=True)


class Failure(Exception):
    """Why a job ended without a result; ``str()`` is the reason."""


class DeadKernel(Failure):
    """The reason is that the kernel's process ended or never came up."""


class PortTaken(DeadKernel):
    """The kernel never came up because another program took one of its ports."""


@dataclass(eq=False)
class Job:
    """One notebook to bring up to date.

    ``current`` is the 0-based number of the code cell that is being run; a failure is
    reported at its place. ``card`` is the graphics card that its kernel sees, if any.
    """

    chapter: Chapter
    framework: Framework
    settings: Settings
    current: int = 0
    card: Card | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return record.path_for(self.settings, self.framework.key, self.chapter)

    @property
    def chain(self) -> list[tuple[Cell, str]]:
        """The notebook's code cells with their chain digests."""
        return record.code_chain(self.chapter, self.framework.key)

    @property
    def code(self) -> str:
        """The digest of all its code."""
        return self.chain[-1][1]

    @property
    def sources(self) -> list[str]:
        """The code of its cells."""
        return record.sources(self.chapter, self.framework.key)

    @property
    def place(self) -> str:
        """Chapter, framework and cell, as in "alexnet, PyTorch, cell 3/12"."""
        cell = _("cell {number}/{count}")
        cell = cell.format(number=self.current + 1, count=len(self.chain))
        return f"{self.chapter.name}, {self.framework.label}, {cell}"

    @property
    def line(self) -> str:
        """Where the current cell is written, as in "chapters/alexnet.md:142"."""
        return f"{self.chapter.source}:{self.chain[self.current][0].line}"

    def progress(self, text: str) -> str:
        """A progress line with the time since the job began."""
        minutes, seconds = divmod(round(time.monotonic() - self.began), 60)
        passed = _("time passed {time}").format(time=f"{minutes}:{seconds:02d}")
        return f"{self.place}: {text} ({passed})"


@contextlib.contextmanager
def writing_result() -> Iterator[None]:
    """Turn what the disk refuses into a Failure."""
    try:
        yield
    except OSError as error:
        raise Failure(
            _(
                "the result cannot be written: {error}. Make room on the disk or "
                "correct the permission of the folder"
            ).format(error=error.strerror or error)
        ) from None
