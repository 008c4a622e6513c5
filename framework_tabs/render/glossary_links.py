"""Links every term of the glossary from its first use on a page.

The glossary is a page of the book with directives ``glossary``. Definitions may begin
with the English names in italics. Where some do, an entry without them is another
book's word, which only refers to ours, and is never linked::

    .. everyday word
    round
      *epoch*; elsewhere pass. One run through all of the training data ...

    pass
      In this book: {term}`round`.

A word of everyday language is linked only where the text itself says that the term is
meant: where its English name follows in brackets.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from ..merge.nodes import TabSet
from ..merge.page_facts import settings_of
from ..messages import _, spoken
from ..source import myst

EVERYDAY = ".. everyday word"
ASIDES = (
    nodes.table,
    nodes.legend,
    nodes.footnote,
    addnodes.desc,
    addnodes.glossary,
    TabSet,
)


@dataclass(frozen=True)
class Entry:
    """One word of the glossary: ``title`` is how the glossary writes it.

    ``english`` is empty for a word of other books.
    """

    title: str
    definition: str
    english: tuple[str, ...] = ()
    everyday: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What the text may call it: "… machine (SVM)" has a name and a short one."""
        name, _, short = self.title.rstrip(")").partition(" (")
        return (name, short) if short else (name,)


def entries(text: str) -> list[Entry]:
    """Return the entries of a glossary, given its page's source, in order."""
    glossaries = (d for d in myst.directives(text) if d.name == "glossary")
    lines = (line for d in glossaries for line in [*d.body.split("\n"), ""])
    groups = groupby(filter(str.strip, lines), key=lambda line: not line[0].isspace())
    found, above = list[Entry](), list[str]()
    for is_above, group in groups:
        if is_above:
            above = list(group)
        else:
            found += _entries(above, " ".join(line.strip() for line in group))
    return found


def _entries(above: list[str], text: str) -> Iterator[Entry]:
    """Yield the words that share a definition; ``above`` are the lines above it."""
    between = _("or")
    english = re.match(rf"(?:\*[^*]+\*(?: {between} )?)*", text)[0]
    names = tuple(re.findall(r"\*([^*]+)\*", english))
    for line in above:
        if not line.startswith(".. "):
            title = line.partition(" : ")[0].strip()
            yield Entry(title, text, names, EVERYDAY in above)


def terms(text: str) -> list[Entry]:
    """Return the entries that are linked."""
    found = entries(text)
    return [entry for entry in found if entry.english] or found


class Finder:
    """Finds the terms of a glossary in a text; of two that begin alike the longer."""

    def __init__(self, terms: list[Entry]):
        self._words = _words()
        self._terms = [(name, term) for term in terms for name in term.names]
        self._terms.sort(key=lambda pair: -len(pair[0]))
        choices = "|".join(f"({self._in_context(*pair)})" for pair in self._terms)
        choices = choices or "(?!)"
        self._pattern = re.compile(rf"(?<![\w'’-])(?:{choices})")

    def find(self, text: str) -> Iterator[tuple[int, int, Entry]]:
        """Yield where each use of a term begins and ends, and which one it is."""
        for match in self._pattern.finditer(self._words.fold(text)):
            _name, term = self._terms[(match.lastindex or 1) - 1]
            yield match.start(), match.end(), term

    def _in_context(self, name: str, term: Entry) -> str:
        fold, pattern = self._words.fold, self._words.pattern
        if not term.everyday:
            return pattern(name)
        english = "|".join(re.escape(fold(each)) for each in term.english)
        return rf"{pattern(name)}(?=\s*\([^()]*\b(?:{english}))"


class _PlainWords:
    """How words are found in a language of which nothing is known: as they stand."""

    @staticmethod
    def fold(text: str) -> str:
        """Return text in small letters, each in its place."""
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)

    @staticmethod
    def pattern(name: str) -> str:
        """Return a pattern that finds a name in folded text."""
        words = map(re.escape, _PlainWords.fold(name).split())
        return r"\s+".join(words) + r"(?!\w)"


def _words():
    """Return what knows how the words of the book's language are inflected."""
    if spoken() == "tr":
        with contextlib.suppress(ImportError):
            from sphinx_turkish import words

            return words
    return _PlainWords


@lru_cache(maxsize=1)
def _finder(text: str, language: str) -> Finder:
    return Finder(terms(text))


class FirstUses(SphinxTransform):
    """Makes references of the first uses in running prose, on all other pages.

    Not in headings, captions, tables, code and what cells or frameworks' tabs show:
    a reader may never see the tab. Nor in the box of class ``tip`` that a chapter opens
    with: it names what the text will explain.
    """

    # After the cells have become tabs (200).
    default_priority = 205

    def apply(self, **kwargs) -> None:
        """Link the terms that the page does not link already by ``term``."""
        glossary = settings_of(self.env).glossary
        if not glossary or Path(self.env.doc2path(self.env.docname)) == glossary:
            return
        self.env.note_dependency(str(glossary))
        finder = _finder(glossary.read_text(encoding="utf-8"), spoken())
        references = self.document.findall(addnodes.pending_xref)
        linked = {ref["reftarget"] for ref in references if ref["reftype"] == "term"}
        for paragraph in list(self.document.findall(_is_running_prose)):
            self._link(paragraph, finder, linked)

    def _link(self, paragraph: nodes.Node, finder: Finder, linked: set[str]) -> None:
        parts = list(paragraph.findall(nodes.Text))
        # Of the same length, so that a place in it is a place in the paragraph.
        text = "".join(part if _is_free(part) else "|" * len(part) for part in parts)
        uses = list(finder.find(text))
        begin = 0
        for part in parts:
            end = begin + len(part)
            own = [
                (s - begin, e - begin, t) for s, e, t in uses if begin <= s < e <= end
            ]
            self._link_in(part, own, linked)
            begin = end

    def _link_in(self, part: nodes.Text, uses: list, linked: set[str]) -> None:
        pieces, done = [], 0
        for start, end, term in uses:
            if term.title not in linked:
                linked.add(term.title)
                reference = self._reference(part[start:end], term.title)
                pieces += [nodes.Text(part[done:start]), reference]
                done = end
        if pieces:
            part.parent.replace(part, [*pieces, nodes.Text(part[done:])])

    def _reference(self, shown: str, title: str) -> addnodes.pending_xref:
        """Return what the role ``term`` makes, with a class for the style sheet."""
        classes = ["xref", "std", "std-term", "first-use"]
        return addnodes.pending_xref(
            "",
            nodes.inline(shown, shown, classes=classes),
            refdomain="std",
            reftype="term",
            reftarget=title,
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )


def _is_running_prose(node: nodes.Node) -> bool:
    return isinstance(node, nodes.paragraph) and not any(map(_is_aside, _above(node)))


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while node := node.parent:
        yield node


def _is_aside(node: nodes.Node) -> bool:
    is_cell = node.get("nb_element") == "cell_code"
    is_tab_or_card = node.get("design_component", "dropdown") != "dropdown"
    is_opening = isinstance(node, nodes.admonition) and "tip" in node["classes"]
    return isinstance(node, ASIDES) or is_cell or is_tab_or_card or is_opening


def _is_free(text: nodes.Text) -> bool:
    """Say whether a text of a paragraph is neither code nor part of a link."""
    node = text.parent
    while isinstance(node, nodes.emphasis | nodes.strong):
        node = node.parent
    return isinstance(node, nodes.paragraph)
