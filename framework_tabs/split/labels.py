"""The book as its notebooks refer to it: pages, labels and numbers.

On the site Sphinx resolves references and counts. A notebook stands alone: there a
reference shows the title or the number that the page shows, and leads to the notebook
of the page that it means or else, if the site has an address, to that page.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from docutils.nodes import make_id

from ..config import Settings
from ..source import chapter as chapters
from ..source import myst
from ..source.cell import Cell, Chapter, ChapterError
from ..source.pages import pages
from ..store.record import path_for
from . import contents, numbers
from .contents import Contents
from .outline import MATH, SECTION, Item, Outline, outline, restructured
from .place import Page, Place, Source, Where

_known: dict[Path, tuple[Settings, tuple[object, ...], "Book"]] = {}
"""For each root the latest book, and of what settings and what state of files it is."""


@dataclass
class _Page:
    """A page as it was read; ``error`` is why it cannot be a chapter, if it cannot."""

    outline: Outline
    source: Source
    chapter: Chapter | None = None
    error: ChapterError | None = None
    text: str = ""


@dataclass
class Book:
    """Every page of the book, what its labels name, and the numbers of both."""

    contents: Contents
    pages: dict[str, _Page] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    numbers: dict[tuple[str, Where], str] = field(default_factory=dict)

    def get(self, label: str) -> Place | None:
        """What ``label`` names; raises ChapterError where that is unreadable."""
        found = self.places.get(_key(label))
        if found is None:
            unreadable = [each for each in self.pages.values() if each.error]
            page = next((each for each in unreadable if label in each.text), None)
        else:
            page = self.pages[found.page]
        if page is not None and page.error:
            raise page.error
        return found

    def holds(self, chapter: Chapter, settings: Settings) -> bool:
        """Whether the book has this chapter, as it is."""
        page = self.pages.get(_name(chapter.path, settings))
        return bool(page and page.chapter and page.chapter.cells == chapter.cells)


def book(settings: Settings, chapter: Chapter | None = None) -> Book:
    """Read the book, once for all its notebooks as long as no page changes.

    For the notebooks that one command makes, it is enough that ``chapter`` is as it was
    read: looking at all files for each of them would take longer than the rest.
    """
    known = _known.get(settings.root)
    if known and known[0] is settings and chapter and known[2].holds(chapter, settings):
        return known[2]
    found = contents.read(settings)
    names = list(found.names)
    names += [_name(path, settings) for path in pages(settings)]
    paths = {name: contents.file_of(name, settings) for name in names}
    times = [(path, path.stat().st_mtime_ns) for path in paths.values() if path]
    state = (repr(settings), repr(found), times)
    if known and known[1] == state:
        latest = known[2]
    else:
        latest = _read(found, paths, settings)
    _known[settings.root] = settings, state, latest
    return latest


class Labels:
    """What the notebook of one chapter and one runner may refer to."""

    def __init__(self, chapter: Chapter, runner: str, settings: Settings):
        self._runner, self._settings = runner, settings
        self._folder = path_for(settings, runner, chapter).parent
        self._book = book(settings, chapter)
        self.name = _name(chapter.path, settings)
        own = self._book.pages.get(self.name) or _page(chapter.path, settings)
        self.source, self.definitions = own.source, own.outline.definitions

    def get(self, label: str) -> Place | None:
        """What a label of the book names; raises ChapterError if that is unreadable."""
        return self._book.get(label)

    def number(self, where: Where) -> str:
        """The number of what stands at a place of the notebook's own page, if any."""
        return self._book.numbers.get((self.name, where), "")

    def page(self, name: str) -> Page | None:
        """The page with this name, if the book has one."""
        page = self._book.pages.get(name)
        if page is None:
            return None
        base = self._settings.sphinx["html_baseurl"] or ""
        url = f"{base.rstrip('/')}/{name}.html" if base else ""
        sections = (i.text for i in page.outline.items if i.kind == SECTION)
        title = next(sections, name)
        return Page(title, self._notebook(page), url)

    def _notebook(self, page: _Page) -> str:
        """The way to a page's notebook: that of the same framework, if there is one."""
        if page.chapter is None or not page.chapter.code_cells:
            return ""
        runners = list(self._settings.runners_of(page.chapter))
        runner = self._runner if self._runner in runners else runners[0]
        path = path_for(self._settings, runner, page.chapter)
        return Path(os.path.relpath(path, self._folder)).as_posix()


def _read(found: Contents, paths: dict[str, Path | None], settings: Settings) -> Book:
    result = Book(found)
    for name, path in paths.items():
        if path is not None:
            result.pages[name] = _page(path, settings)
    outlines = {name: page.outline.items for name, page in result.pages.items()}
    assigned = numbers.assign(outlines, found, settings)
    for name, items in outlines.items():
        for item in items:
            number = assigned.get((name, item.where), ()) if item.kind else ()
            shown = _shown(number, item.kind, settings)
            result.numbers[name, item.where] = shown
            result.places |= _places(name, item, shown)
    return result


def _name(path: Path, settings: Settings) -> str:
    """The name of the page in a file."""
    return path.relative_to(settings.root).with_suffix("").as_posix()


def _page(path: Path, settings: Settings) -> _Page:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    config = myst.config_of(text if path.suffix == ".md" else "", settings.sphinx)
    source = Source(path.parent, settings.root, config, settings.sphinx)
    if path.suffix == ".rst":
        return _Page(Outline(restructured(text, ())), source)
    chapter, error, cells = None, None, [Cell("markdown", text)]
    if path.suffix == ".ipynb":
        cells = _cells(path)
    else:
        try:
            chapter = chapters.read(path, settings)
            cells = chapter.cells
        except ChapterError as unreadable:
            error = unreadable
    found = outline(cells, settings.frameworks, source)
    return _Page(found, source, chapter, error, text)


def _cells(path: Path) -> list[Cell]:
    """The cells of a page that is a notebook itself; none if it is unreadable."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError, AttributeError):
        return []
    return [Cell(c.cell_type, c.source, dict(c.metadata)) for c in notebook.cells]


def _places(name: str, item: Item, number: str) -> dict[str, Place]:
    """What the labels of an item on the page ``name`` name."""
    return {
        _key(label): Place(
            item.kind,
            item.text,
            number,
            name,
            make_id(f"equation-{label}" if item.kind == MATH else label),
        )
        for label in item.labels
    }


def _shown(number: tuple[int, ...], kind: str, settings: Settings) -> str:
    """A number as the pages show it; the last part of an equation's may stand apart."""
    if kind == MATH and len(number) > 1:
        *section, last = map(str, number)
        return str(settings.sphinx["math_numsep"]).join([".".join(section), last])
    return ".".join(map(str, number))


def _key(label: str) -> str:
    """A label as Sphinx compares it."""
    return " ".join(label.lower().split())
