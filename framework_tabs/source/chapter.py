"""A chapter's source as checked cells.

``read`` turns one page of the book into cells that know their framework
and their line, and refuses what would silently go wrong later: a mistyped framework
tag, a framework left out where its siblings have a cell, a code cell in a place where
myst-nb drops it, a fence without an end. It writes nothing and runs nothing.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from .._compat import read_myst_markdown_notebook
from ..config import Settings
from ..messages import _
from . import myst
from .cell import Cell, Chapter, ChapterError, ChapterErrors
from .pages import name_of, pages
from .rules import Check

_known: dict[Path, tuple[tuple[str, str, str], Chapter]] = {}
"""The chapters that were read, each with the text and the settings it was read from:
the notebooks of every framework ask for all chapters that they refer to."""
DRAWS_ON_FILES = re.compile(r"\{include\}|^[ \t]*:?load:", re.M)
"""In a text with other files in it, these count too."""


def read(path: Path, settings: Settings) -> Chapter:
    """Read and check the chapter at ``path``; raises ChapterError."""
    path = Path(path).absolute()
    source, name = settings.relative(path), name_of(path, settings)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = _("the file cannot be read: {error}").format(error=error)
        raise ChapterError(source, 1, told) from None
    state, known = (text, name, repr(settings)), _known.get(path)
    if known is None or known[0] != state or DRAWS_ON_FILES.search(text):
        chapter = _checked(path, Check(source, settings, path), text, name)
        known = _known[path] = state, chapter
    return known[1]


def _checked(path: Path, check: Check, text: str, name: str) -> Chapter:
    header = check.text(text)
    if header is None:
        return Chapter(path, check.source, _prose(text), name)
    kernel = header.kernel, header.kernel_label
    cells = check.cells(_notebook_cells(text, path, check))
    check.siblings(cells)
    chapter = Chapter(path, check.source, cells, name, *kernel)
    check.kernel(chapter, header.line("kernelspec"))
    return chapter


def read_all(settings: Settings) -> list[Chapter]:
    """Every chapter with code cells, in alphabetical order.

    Raises ChapterErrors for all that are malformed.
    """
    return read_each(pages(settings), settings)


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


def _prose(text: str) -> list[Cell]:
    """A page that is no notebook is all prose, without its front matter."""
    tokens = myst.parser().parse(text + "\n")
    has_front_matter = tokens and tokens[0].type == "front_matter"
    start = myst.lines_of(tokens[0])[1] if has_front_matter else 0
    prose = "\n".join(text.splitlines()[start:])
    return [Cell("markdown", prose, line=start + 1)] if prose.strip() else []


def _notebook_cells(
    text: str, path: Path, check: Check
) -> list[tuple[NotebookNode, int]]:
    """myst-nb's cells and their 1-based lines.

    Its source map counts from 0 and, for prose, includes leading blank lines; for a
    code cell it gives the line below the fence, which is the fence counted from 1.
    """
    try:
        notebook = read_myst_markdown_notebook(text, check.syntax, path)
    except Exception as error:  # of which MyST-NB has many kinds, some of them private
        named = re.search(r"at line (\d+)", str(error))
        told = _("the page cannot be read: {error}")
        check.fail(int(named[1]) if named else 1, told.format(error=error))
    lines = text.splitlines()
    result = []
    for cell, line in zip(notebook.cells, notebook.metadata.source_map, strict=True):
        if cell.cell_type == "markdown":
            line = 1 + next(n for n in range(line, len(lines)) if lines[n].strip())
        result.append((cell, line))
    return result
