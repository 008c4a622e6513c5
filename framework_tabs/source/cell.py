"""A chapter as checked cells, and how it is told that one cannot be used."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CELL_DIRECTIVES = ("{code-cell}", "{raw-cell}")


class ChapterError(Exception):
    """A chapter cannot be used; ``str()`` is ``chapters/x.md:12: message``.

    ``path`` is the file, ``line`` its 1-based line.
    """

    def __init__(self, path: str, line: int, message: str):
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


class ChapterErrors(Exception):
    """Some chapters cannot be used; ``str()`` has a line for each of ``errors``."""

    def __init__(self, errors: list[ChapterError]):
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter.

    ``kind`` is "code", "markdown" or "raw"; ``framework`` is a framework key, or None
    for a cell that belongs to all; ``line`` is the 1-based line where it starts in
    the file (for a code cell, the line of its opening fence).
    """

    kind: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    framework: str | None = None
    line: int = 0

    def belongs_to(self, framework: str) -> bool:
        """Whether the notebook of this framework holds the cell."""
        return self.framework in (None, framework)


@dataclass(frozen=True)
class Chapter:
    """A checked chapter: ``source`` is its path as readers know it."""

    path: Path
    source: str
    cells: list[Cell]

    @property
    def name(self) -> str:
        """The file name without ending; it names the notebooks too."""
        return self.path.stem

    @property
    def code_cells(self) -> list[Cell]:
        """The code cells of all frameworks, in order."""
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def uses_frameworks(self) -> bool:
        """Whether any cell belongs to one framework alone."""
        return any(cell.framework for cell in self.cells)
