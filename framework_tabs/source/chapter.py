"""A chapter's source as checked cells.

``read`` turns one MyST notebook of ``chapters/`` into cells that know their framework
and their line, and refuses what would silently go wrong later: a mistyped framework
tag, a framework left out where its siblings have a cell, a code cell in a place where
myst-nb drops it, a fence without an end. It writes nothing and runs nothing.
"""

from collections.abc import Iterable
from pathlib import Path

from .._compat import read_myst_markdown_notebook
from ..config import Settings
from ..messages import _
from . import myst
from .cell import Chapter, ChapterError, ChapterErrors
from .rules import Check

_known: dict[Path, tuple[tuple[str, str], Chapter]] = {}
"""The chapters that were read, each with the text and the settings it was read from:
the notebooks of every framework ask for all chapters that they refer to."""


def read(path: Path, settings: Settings) -> Chapter:
    """Read and check the chapter at ``path``; raises ChapterError."""
    path = Path(path).absolute()
    source = settings.relative(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = _("the file cannot be read: {error}").format(error=error)
        raise ChapterError(source, 1, told) from None
    state, known = (text, repr(settings)), _known.get(path)
    if known is None or known[0] != state:
        known = _known[path] = state, _checked(path, source, text, settings)
    return known[1]


def _checked(path: Path, source: str, text: str, settings: Settings) -> Chapter:
    check = Check(source, settings)
    check.text(text)
    cells = check.cells(_notebook_cells(text, path))
    check.siblings(cells)
    return Chapter(path, source, cells)


def read_all(settings: Settings) -> list[Chapter]:
    """Every chapter with code cells, in alphabetical order.

    Raises ChapterErrors for all that are malformed.
    """
    return read_each(sorted(settings.chapters.glob("*.md")), settings)


def read_each(paths: Iterable[Path], settings: Settings) -> list[Chapter]:
    """Those of the chapters at ``paths`` that have code cells, in the same order."""
    found, errors = [], []
    for path in paths:
        try:
            found.append(read(path, settings))
        except ChapterError as error:
            errors.append(error)
    if errors:
        raise ChapterErrors(errors)
    return [chapter for chapter in found if chapter.code_cells]


def _notebook_cells(text: str, path: Path) -> list[tuple[dict, int]]:
    """myst-nb's cells and their 1-based lines.

    Its source map counts from 0 and, for prose, includes leading blank lines; for a
    code cell it gives the line below the fence, which is the fence counted from 1.
    """
    notebook = read_myst_markdown_notebook(text, myst.MYST, path)
    lines = text.splitlines()
    result = []
    for cell, line in zip(notebook.cells, notebook.metadata.source_map, strict=True):
        if cell.cell_type == "markdown":
            line = 1 + next(n for n in range(line, len(lines)) if lines[n].strip())
        result.append((cell, line))
    return result
