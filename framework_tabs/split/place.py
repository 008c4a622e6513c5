"""What a label names and where that is, as far as a notebook can show it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from myst_parser.config.main import MdParserConfig

Where = tuple[int, ...]
"""Where in a page something is: number of the cell, line, line in its body, …"""


@dataclass(frozen=True)
class Place:
    """What a label names.

    ``kind`` is Sphinx's word for what is numbered together ("figure", "displaymath"),
    "section", or nothing for a label that stands before something else. ``text`` is the
    title or the caption, in Markdown; ``number`` is the page's, if there is one.
    ``page`` is the page's name in the table of contents, ``id`` the place on it.
    """

    kind: str
    text: str
    number: str
    page: str
    id: str


@dataclass(frozen=True)
class Page:
    """A page as a notebook refers to it.

    ``notebook`` is the way to the page's own notebook and ``url`` the address of the
    page; each is empty if there is none.
    """

    title: str
    notebook: str
    url: str


@dataclass(frozen=True)
class Source:
    """Where a text comes from: its file's folder, the book's, and how it is read.

    ``sphinx`` is what Sphinx is told about the pages.
    """

    folder: Path
    root: Path
    config: MdParserConfig
    sphinx: dict[str, Any]


class Labels(Protocol):
    """What the text of a notebook may refer to.

    ``name`` is the name of the notebook's own page, ``source`` where that comes from,
    ``definitions`` are the addresses and footnotes that Markdown defines on it.
    """

    name: str
    source: Source
    definitions: dict[str, Any]

    def get(self, label: str) -> Place | None:
        """What a label of the book names; raises ChapterError if that is unreadable."""

    def page(self, name: str) -> Page | None:
        """The page with this name, if the book has one."""

    def number(self, where: Where) -> str:
        """The number of what stands at a place of the notebook's own page, if any."""


def address_of(target: str) -> str:
    """An address with what would end it in Markdown written in another way."""
    marks = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E"}
    return "".join(marks.get(each, each) for each in target)
