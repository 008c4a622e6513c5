"""The numbers that Sphinx gives what is on the pages, without Sphinx.

Sections have numbers below a numbered part of the table of contents; figures and the
like are counted through the whole book or, where sections are numbered, through each
chapter. The rules are those of Sphinx's collector of tables of contents, and those of
sphinx-multitoc-numbering, which lets later parts continue.
"""

from collections import Counter
from collections.abc import Iterator

from ..config import Settings
from .contents import Below, Contents, directives
from .outline import CHILDREN, MATH, SECTION, Item
from .place import Where

Number = tuple[int, ...]
Numbers = dict[tuple[str, Where], Number]
"""The number of everything that has one, by the name of its page and its place."""


def assign(
    pages: dict[str, list[Item]], contents: Contents, settings: Settings
) -> Numbers:
    """Number the items of the book's ``pages``."""
    numbering = _Numbering(pages, contents, settings)
    numbering.sections()
    if settings.sphinx["numfig"]:
        numbering.count(contents.root, ())
    if not (settings.sphinx["numfig"] and settings.sphinx["math_numfig"]):
        numbering.equations()
    return numbering.found


class _Numbering:
    def __init__(
        self, pages: dict[str, list[Item]], contents: Contents, settings: Settings
    ):
        self.found: Numbers = {}
        self._pages, self._contents, self._settings = pages, contents, settings
        self._assigned: set[str] = set()
        self._counted: set[str] = set()
        self._counts: Counter[tuple[str, Number]] = Counter()

    def _items(self, name: str) -> Iterator[tuple[Item, list[Below]]]:
        """The items of a page, each with what is below the page at that place.

        Without a place for them, other pages come at the end of the first section.
        """
        below = list(self._contents.below.get(name, ()))
        for item in self._pages.get(name, ()):
            if item.kind != CHILDREN:
                yield item, []
            elif not self._contents.file:
                pages = directives(item.pages, name, self._settings)
                yield item, [Below(tuple(pages), item.level)]
            else:
                yield item, below
                below = []
        if below:
            yield Item(CHILDREN, (), level=1), below

    def sections(self) -> None:
        """Number the sections below every part of the contents that is numbered."""
        last = 0
        for name in self._pages:
            for _, parts in self._items(name):
                for part in (each for each in parts if each.numbered):
                    continues = self._settings.sphinx["use_multitoc_numbering"]
                    counts = [last if continues else 0]
                    self._assigned.add(name)
                    self._number_pages(part, counts, part.numbered)
                    last = counts[0]

    def _number_pages(self, part: Below, counts: list[int], depth: int) -> None:
        for name in part.pages:
            if depth > 0 and name in self._pages and name not in self._assigned:
                self._assigned.add(name)
                self._number_sections(name, counts, depth)

    def _number_sections(self, name: str, counts: list[int], depth: int) -> None:
        """Number a page's sections, from the last of ``counts`` on."""
        base = len(counts)
        levels: list[int] = []
        for item, parts in self._items(name):
            if item.kind == SECTION:
                levels = [each for each in levels if each < item.level]
                _reach(counts, base + len(levels))
                counts[-1] += 1
                if depth > len(levels):
                    self.found[name, item.where] = tuple(counts)
                levels.append(item.level)
            for part in parts:
                inside = len(levels) if item.where else min(1, len(levels))
                _reach(counts, base + inside)
                self._number_pages(part, counts, depth - inside)
        _reach(counts, base)

    def count(self, name: str, inherited: Number) -> None:
        """Count what is on a page and below it, in sections with their own number."""
        if name in self._counted:
            return
        self._counted.add(name)
        sections: list[tuple[int, Number]] = []
        for item, parts in self._items(name):
            if item.kind == SECTION:
                sections = [each for each in sections if each[0] < item.level]
                above = sections[-1][1] if sections else inherited
                own = self.found.get((name, item.where))
                sections.append((item.level, own or above))
            elif item.kind == CHILDREN:
                outer = sections if item.where else sections[:1]
                for page in (page for part in parts for page in part.pages):
                    self.count(page, outer[-1][1] if outer else inherited)
            elif item.kind and item.counted:
                number = sections[-1][1] if sections else inherited
                self._count(name, item, number)

    def _count(self, name: str, item: Item, section: Number) -> None:
        section = section[: self._settings.sphinx["numfig_secnum_depth"]]
        self._counts[item.kind, section] += 1
        self.found[name, item.where] = (*section, self._counts[item.kind, section])

    def equations(self) -> None:
        """Number the labelled equations of each page by themselves."""
        for name, items in self._pages.items():
            found = [each for each in items if each.kind == MATH and each.level]
            for number, item in enumerate(found, 1):
                self.found[name, item.where] = (number,)


def _reach(counts: list[int], length: int) -> None:
    """Leave the counts of deeper sections, or begin that of the next deeper ones."""
    del counts[length:]
    counts += [0] * (length - len(counts))
