"""A chapter's prose as plain Markdown for a notebook.

Jupyter shows CommonMark, not MyST: this module turns the MyST that the chapters use
into what Jupyter can show, for the reader of one framework. Only the blocks and spans
that markdown-it recognises as MyST are rewritten, everything else stays as typed:

* ``tab-set``: the item of this framework, without its markup;
* ``figure``, ``image``: an image whose path resolves from the notebook, and a caption;
* ``table``: a numbered caption and the table;
* admonitions: a quotation with a bold title;
* ``literalinclude``: the code itself;
* ``ref``, ``numref``, ``eq``, ``cite``: the title, the number or the work's name; what
  another chapter holds is linked to that chapter's notebook;
* ``(label)=`` and comments: nothing.

A directive not known here stays as it is, so that nothing is lost.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from mdit_py_plugins.myst_role.index import myst_role
from sphinx.directives.code import LiteralIncludeReader

from .._compat import create_md_parser
from ..messages import N_, _, sphinx_word
from ..source import myst
from ..source.myst import Directive
from .place import Place

ADMONITIONS = {
    "attention": N_("Attention"),
    "caution": N_("Caution"),
    "danger": N_("Danger"),
    "error": N_("Error"),
    "hint": N_("Hint"),
    "important": N_("Important"),
    "note": N_("Note"),
    "seealso": N_("See also"),
    "tip": N_("Tip"),
    "warning": N_("Warning"),
}
"""The titles of boxes, in Sphinx's words."""
FIGURE, TABLE = N_("Fig. %s"), N_("Table %s")
TITLED = frozenset("admonition card dropdown exercise margin sidebar topic".split())
PAGE_ONLY = frozenset(
    "api api-table architecture-explorer citation contents reference-runs "
    "results-table tableofcontents toctree".split()
)
BIBLIOGRAPHY = N_("*The bibliography is on the book's page of this chapter.*")
_PARTS = frozenset("pyobject lines start-after start-at end-before end-at".split())
"""The options of ``literalinclude`` that choose what is included."""
_SPHINX_DEFAULTS = SimpleNamespace(source_encoding="utf-8")
_CODE_ROLES = frozenset("code command file kbd literal samp".split())


class IncludeError(Exception):
    """Code that a chapter includes is not there; the message is Sphinx's."""


@dataclass
class Prose:
    """The prose of one chapter for one framework.

    ``framework`` is the key of the reader's framework, ``frameworks`` those that tabs
    may be synchronised to, ``folder`` the way from the notebook's folder to the
    chapter's, ``elsewhere`` what the labels of other chapters name, ``source`` the
    chapter's folder. After ``translate``, ``title`` is the chapter's first-level
    heading, ``places`` what its labels name.
    """

    framework: str
    frameworks: list[str]
    folder: str
    elsewhere: dict[str, "Place"] = field(default_factory=dict)
    source: Path = Path()
    title: str = ""
    places: dict[str, "Place"] = field(default_factory=dict)
    _pending: list[str] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def translate(self, texts: list[str | None]) -> list[str | None]:
        """Plain Markdown for each text (None stays None), without the title.

        A reference may come before what it names, hence two rounds: the first finds
        the titles and numbers of all labels, the second uses them.
        """
        for _round in range(2):
            self.title, self._pending, self._counts = "", [], {}
            result = [text if text is None else self._text(text) for text in texts]
        return result

    def _text(self, text: str) -> str:
        lines = text.split("\n")
        tokens = _located_parser().parse(text + "\n")
        cursors: dict[int, int] = {}
        for token in tokens:
            if token.type == "inline":
                myst.rewrite_spans(token, lines, cursors, self._span)
        edits = [
            (token.map, new)
            for token, following in zip(tokens, [*tokens, None][1:], strict=True)
            if token.map and (new := self._block(token, following, lines)) is not None
        ]
        for (start, end), new in reversed(edits):
            _replace(lines, start, end, new)
        return "\n".join(lines).strip("\n")

    def _block(
        self, token: Token, following: Token | None, lines: list[str]
    ) -> list[str] | None:
        """The lines that replace a block; None for a block that stays."""
        if token.type == "myst_target":
            self._pending.append(token.content)
            return []
        if token.type == "myst_line_comment":
            return []
        if token.type == "heading_open":
            return self._heading(token, lines[token.map[0]], following)
        if token.type == "math_block_label":
            return self._math(token.content, token.info)
        if myst.is_fence(token) and myst.name_of(token):
            new = self._directive(myst.directive(token))
            return new and _indented(new, lines[token.map[0]], token.markup)
        return None

    def _heading(self, token: Token, line: str, inline: Token) -> list[str] | None:
        """Give waiting labels their title; the chapter's title moves to its cell."""
        title = line.lstrip("# ").strip() if line.startswith("#") else inline.content
        self._label(Place(title, is_section=True))
        if token.tag == "h1" and not self.title:
            self.title = title
            return []
        return None

    def _label(self, place: "Place", name: str = "") -> None:
        for label in [*self._pending, name]:
            self.places[label] = place
        self._pending = []

    def _count(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return str(self._counts[kind])

    def _directive(self, found: Directive) -> list[str] | None:
        """The lines for a directive; None if it is none that this module knows."""
        name = found.name
        if name in PAGE_ONLY:
            return []
        if name == "bibliography":
            return [_(BIBLIOGRAPHY)]
        if name == "tab-set":
            return self._tabs(found)
        if name in ("figure", "image"):
            return self._figure(found)
        if name == "table":
            return self._table(found)
        if name == "math":
            return self._math(found.body, found.options.get("label", ""))
        if name in ADMONITIONS:
            body = f"{found.argument}\n\n{found.body}" if found.argument else found.body
            return self._admonition(sphinx_word(ADMONITIONS[name]), body)
        if name in TITLED:
            return self._admonition(self._text(found.argument), found.body)
        if name in ("code", "code-block", "sourcecode"):
            return _code(found)
        if name == "literalinclude":
            return self._included(found)
        return None

    def _tabs(self, tab_set: Directive) -> list[str]:
        """The reader's own tab; every tab where they are not about frameworks."""
        items = [item for item in _children(tab_set.body) if item.name == "tab-item"]
        if not any(item.options.get("sync") in self.frameworks for item in items):
            parts = [f"**{item.argument}**\n\n{item.body}" for item in items]
        else:
            own = [i for i in items if i.options.get("sync") == self.framework]
            parts = [item.body for item in own]
        return self._text("\n\n".join(parts)).split("\n")

    def _included(self, found: Directive) -> list[str]:
        """The code that Sphinx would include, as a block of code."""
        options = {k: v for k, v in found.options.items() if k in _PARTS}
        if "dedent" in found.options:
            options["dedent"] = int(found.options["dedent"])
        path, config = str(self.source / found.argument), _SPHINX_DEFAULTS
        try:
            code, _lines = LiteralIncludeReader(path, options, config).read()
        except (OSError, ValueError) as error:
            raise IncludeError(str(error)) from None
        language = found.options.get("language", "python")
        return [f"```{language}", *code.rstrip("\n").split("\n"), "```"]

    def _figure(self, found: Directive) -> list[str]:
        picture = f"![{found.options.get('alt', '')}]({self._moved(found.argument)})"
        if found.name == "image":
            return [picture]
        caption = self._caption("figure", FIGURE, found, found.body)
        return [picture, "", *caption.split("\n")]

    def _table(self, found: Directive) -> list[str]:
        caption = self._caption("table", TABLE, found, found.argument)
        return [caption, "", *self._text(found.body).split("\n")]

    def _caption(self, kind: str, word: str, found: Directive, text: str) -> str:
        """A caption with its number, by which the directive's name refers to it."""
        number = self._count(kind)
        title = sphinx_word(word) % number
        self._label(Place(title, number), found.options.get("name", ""))
        return f"**{title}.** {self._text(text)}".strip()

    def _math(self, formula: str, label: str) -> list[str]:
        tag = []
        if label:
            number = self._count("equation")
            self._label(Place(f"({number})", number), label)
            tag = [rf"\tag{{{number}}}"]
        return ["$$", *formula.strip("\n").split("\n"), *tag, "$$"]

    def _admonition(self, title: str, body: str) -> list[str]:
        lines = [f"**{title}**", "", *self._text(body).split("\n")]
        return [f"> {line}".rstrip() for line in lines]

    def _span(self, token: Token) -> str:
        if token.type == "myst_role":
            return self._role(token.meta["name"], token.content)
        target = token.meta["target"]
        title = f' "{token.meta["title"]}"' if token.meta["title"] else ""
        return f"({self._moved(target)}{title})"

    def _role(self, name: str, content: str) -> str:
        if name.startswith("cite"):
            works = "; ".join(_work(key.strip()) for key in content.split(","))
            return works if name == "cite:t" else f"({works})"
        if name == "math":
            return f"${content}$"
        if name in ("sub", "sup"):
            return f"<{name}>{content}</{name}>"
        if name in _CODE_ROLES:
            return f"`{content}`"
        explicit = re.fullmatch(r"(.+?)\s*<([^<>]+)>", content, re.S)
        text, target = explicit.groups() if explicit else ("", content)
        if name in ("ref", "numref", "eq"):
            return self._reference(text, target)
        return text or content

    def _reference(self, text: str, label: str) -> str:
        place = self.places.get(label) or self.elsewhere.get(label)
        if place is None:
            return text or f"`{label}`"
        text = text.replace("%s", place.number).replace("{number}", place.number)
        return (
            f"[{text or place.text}]({place.anchor})"
            if place.anchor
            else (text or place.text)
        )

    def _moved(self, target: str) -> str:
        """A link target as seen from the notebook's folder."""
        if target.startswith("#"):
            place = self.places.get(target[1:])
            return place.anchor if place and place.anchor else target
        outside = re.match(r"[a-z][a-z0-9+.-]*:|/", target, re.I)
        return target if outside or not target else f"{self.folder}/{target}"


@lru_cache(maxsize=1)
def _located_parser() -> MarkdownIt:
    """The MyST parser, with ``meta["span"]`` on every role, link and image."""
    parser = create_md_parser(myst.MYST, RendererHTML)
    for name, rule, locate in (
        ("myst_role", myst_role, _role),
        ("link", link, _target),
        ("image", image, _target),
    ):
        parser.inline.ruler.at(name, _located(rule, locate))
    return parser


def _located(rule: Callable, locate: Callable) -> Callable:
    """``rule`` as it is, plus a note of what part of the text it consumed."""

    def wrapped(state: StateInline, silent: bool) -> bool:
        start = state.pos
        matched = rule(state, silent)
        if matched and not silent:
            locate(state, start)
        return matched

    return wrapped


def _role(state: StateInline, start: int) -> None:
    state.tokens[-1].meta["span"] = (start, state.pos)


def _target(state: StateInline, start: int) -> None:
    """Note the span of ``(target "title")``; a reference link has none."""
    token = state.tokens[-1]
    kind, attribute = (
        ("image", "src") if token.type == "image" else ("link_open", "href")
    )
    opening = next(each for each in reversed(state.tokens) if each.type == kind)
    bracket = state.src.index("[", start)
    end = state.md.helpers.parseLinkLabel(state, bracket, token.type != "image")
    if state.src[end + 1 : end + 2] == "(":
        token.meta = {
            "span": (end + 1, state.pos),
            "target": opening.attrs[attribute],
            "title": opening.attrs.get("title", ""),
        }


def _children(text: str) -> list[Directive]:
    """The outermost directives of ``text``."""
    tokens = myst.parser().parse(text + "\n")
    return [
        myst.directive(token)
        for token in tokens
        if myst.is_fence(token) and myst.name_of(token)
    ]


def _code(found: Directive) -> list[str]:
    ticks = re.findall(r"^\s*(`{3,})", found.body, re.M)
    fence = "`" * (1 + max([2, *map(len, ticks)]))
    return [fence + found.argument, *found.body.split("\n"), fence]


def _work(key: str) -> str:
    """``Lowe.2004`` as "Lowe, 2004", with ``ea`` for further authors.

    A key is all there is to show here: the bibliography is on the page.
    """
    others = _(" and others,")
    return ", ".join(key.split(".")).replace(", ea,", others)


def _indented(new: list[str], first: str, marker: str) -> list[str]:
    """``new`` behind what stood before the fence: spaces, a bullet, ``>``."""
    before = first[: first.index(marker)]
    rest = re.sub(r"[^>\s]", " ", before)
    return [(rest if n else before) + line for n, line in enumerate(new)]


def _replace(lines: list[str], start: int, end: int, new: list[str]) -> None:
    """Put ``new`` in place of lines; of nothing, leave no second blank line."""
    lines[start:end] = new
    blank = all(
        0 <= n < len(lines) and not lines[n].strip() for n in (start - 1, start)
    )
    if not new and blank:
        del lines[start]
