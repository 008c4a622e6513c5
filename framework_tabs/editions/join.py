"""Joins the pages of the book into one document: anchors, links, notes and contents.

A page comes as the HTML that Sphinx wrote for it. Here its anchors get the page's name
in front, as they must differ in the whole book, and links follow. What paper needs
beyond that is marked for the style sheet: links that want a page number, addresses that
want a note. How anything looks is the style sheet's part.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from ..messages import _
from . import page_tree

LINK = re.compile(r"(?:([\w-]+)\.html)?(?:#(.*))?")
"""A link within the book: a page, a place on it, or both."""

ASIDES = {"table", "figure", "dt", "h1", "h2", "h3", "h4", "pre", "nav"}
LETTER = 1
"""The length of the headings of a glossary, which the contents leave out."""


@dataclass(frozen=True)
class Entry:
    """A line of the contents; ``part`` is the heading of the part that begins here."""

    anchor: str
    title: str
    part: str = ""
    sections: tuple["Entry", ...] = ()


def article(name: str, body: str) -> ET.Element:
    """Return a page as an article whose anchor is ``name``, ready for paper."""
    page = page_tree.parsed(body)
    page.tag = "article"
    page.attrib = {"id": name}
    for element in page.iter():
        if element is not page and "id" in element.attrib:
            element.set("id", _anchor(name, element.get("id")))
        if element.tag == "a":
            element.set("href", _moved(element.get("href", ""), name))
        if element.tag == "img" and not element.get("alt"):
            element.set("alt", _("picture"))  # a PDF has to say something of each
    for paragraph in _running_text(page):
        for parent, link, before in list(_links(paragraph)):
            _annotate(parent, link, before, name)
    return page


def _anchor(page: str, place: str | None) -> str:
    return f"{page}--{place}" if place else page


def _moved(target: str, page: str) -> str:
    """Return where a link of ``page`` leads in the joined document."""
    match = LINK.fullmatch(target)
    return f"#{_anchor(match[1] or page, match[2])}" if match else target


def _running_text(element: ET.Element) -> Iterator[ET.Element]:
    """Yield the paragraphs that are neither in a table nor in a caption."""
    for child in element:
        if child.tag == "p":
            yield child
        elif child.tag not in ASIDES and child.get("role") != "doc-biblioentry":
            yield from _running_text(child)


def _links(paragraph: ET.Element) -> Iterator[tuple[ET.Element, ET.Element, str]]:
    """Yield each link with its parent and the text that stands before it."""
    text = ""

    def visit(element: ET.Element):
        nonlocal text
        text += element.text or ""
        for child in element:
            if child.tag == "a":
                yield element, child, text
            yield from visit(child)
            text += child.tail or ""

    return visit(paragraph)


def _annotate(parent: ET.Element, link: ET.Element, before: str, page: str) -> None:
    """Mark a link that leads to another page, or note where one to the outside does."""
    target = link.get("href")
    if not target.startswith("#"):
        _add_note(parent, link)
    elif not _is_in(page, target) and "title" not in link.attrib and not _is_term(link):
        is_inner = before.count("(") > before.count(")")
        link.set("class", "page-ref inner" if is_inner else "page-ref")


def _is_in(page: str, target: str) -> bool:
    return target == f"#{page}" or target.startswith(f"#{page}--")


def _is_term(link: ET.Element) -> bool:
    return any("std-term" in child.get("class", "") for child in link)


def _add_note(parent: ET.Element, link: ET.Element) -> None:
    """Let the address follow, unless it is what the link says."""
    address = link.get("href")
    if _bare(address) == _bare("".join(link.itertext())):
        return
    note = ET.Element("span", {"class": "address"})
    note.text, note.tail, link.tail = address, link.tail, None
    parent.insert(list(parent).index(link) + 1, note)


def _bare(address: str) -> str:
    return re.sub(r"^https?://", "", address).strip("/")


def entry(page: ET.Element, part: str = "") -> Entry:
    """Return what the contents say of a page: its title and those of its sections."""
    top = page.find("section")
    if top is None:
        return Entry(page.get("id"), page.get("id"), part)
    sections = (_titled(section) for section in top.findall("section"))
    shown = tuple(s for s in sections if len(s.title) > LETTER)
    return Entry(page.get("id"), _titled(top).title, part, shown)


def _titled(section: ET.Element) -> Entry:
    heading = next(child for child in section if re.fullmatch("h[1-6]", child.tag))
    return Entry(section.get("id"), "".join(heading.itertext()))


def html(page: ET.Element) -> str:
    """Return a page as HTML."""
    return ET.tostring(page, encoding="unicode", method="html")
