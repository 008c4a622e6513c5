"""The pages of the book in the order of its table of contents, without Sphinx.

The table is ``_toc.yml``; a book that has none says on its pages what is below them. A
book with neither consists of its pages, in alphabetical order.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from ..config import ConfigError, Settings
from ..source.pages import pages

SUFFIXES = (".md", ".ipynb", ".rst")


@dataclass(frozen=True)
class Below:
    """Pages below a page, by name; ``numbered`` is how many levels have numbers."""

    pages: tuple[str, ...]
    numbered: int = 0


@dataclass(frozen=True)
class Contents:
    """The table of contents: its first page, and what is below each page.

    ``file`` is whether there is one; without it a page's own directives tell what is
    below it.
    """

    root: str
    below: dict[str, tuple[Below, ...]]
    file: bool = True

    @property
    def names(self) -> list[str]:
        """The names of all pages in the table."""
        listed = (
            name for each in self.below.values() for b in each for name in b.pages
        )
        return list(dict.fromkeys([self.root, *listed]))


def read(settings: Settings) -> Contents:
    """Read the book's table of contents; raises ConfigError if it is malformed."""
    path = settings.root / settings.sphinx["external_toc_path"]
    if path.is_file():
        return _from_file(path, settings)
    root = settings.sphinx["root_doc"]
    if file_of(root, settings):
        return Contents(root, {}, file=False)
    names = (
        path.relative_to(settings.root).with_suffix("") for path in pages(settings)
    )
    return Contents("", {"": (Below(tuple(map(Path.as_posix, names))),)})


def file_of(name: str, settings: Settings) -> Path | None:
    """The file of a page, None if there is none that can be read here."""
    if Path(name).suffix in SUFFIXES and (settings.root / name).is_file():
        return settings.root / name
    for suffix in SUFFIXES:
        path = settings.root / f"{name}{suffix}"
        if name and path.is_file():
            return path
    return None


def directives(lines: tuple[str, ...], name: str, settings: Settings) -> list[str]:
    """The pages that the lines of a ``toctree`` on the page ``name`` list."""
    folder = Path(name).parent
    found = []
    for line in filter(None, map(str.strip, lines)):
        target = re.sub(r".*<(.+)>$", r"\1", line)
        place = target.lstrip("/") if target.startswith("/") else folder / target
        found += _globbed(Path(place).as_posix(), settings)
    return [_name(each) for each in found if "://" not in each]


def _from_file(path: Path, settings: Settings) -> Contents:
    from sphinx_external_toc.api import GlobItem, SiteMap
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    try:
        site: SiteMap = parse_toc_yaml(path)
    except (MalformedError, yaml.YAMLError) as error:
        raise ConfigError("", str(error), path.name) from None

    def listed(items: Iterable[object]) -> Iterator[str]:
        for item in items:
            if isinstance(item, GlobItem):
                yield from _globbed(str(item), settings)
            elif isinstance(item, str):
                yield _name(item)

    below = {
        _name(document.docname): tuple(
            Below(
                tuple(listed(tree.items))[:: -1 if tree.reversed else 1],
                999 if tree.numbered is True else int(tree.numbered),
            )
            for tree in document.subtrees
        )
        for document in site.values()
    }
    return Contents(_name(site.root.docname), below)


def _globbed(pattern: str, settings: Settings) -> list[str]:
    """The pages whose name fits, in alphabetical order; a name alone is itself."""
    if not re.search(r"[*?\[]", pattern):
        return [pattern]
    names = {
        path.relative_to(settings.root).with_suffix("").as_posix()
        for suffix in SUFFIXES
        for path in settings.root.glob(pattern + suffix)
    }
    return sorted(names)


def _name(file: str) -> str:
    """The name of a page, without the ending that a table of contents may give it."""
    path = Path(file)
    return path.with_suffix("").as_posix() if path.suffix in SUFFIXES else file
