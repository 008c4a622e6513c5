"""A chapter's prose as plain Markdown for a notebook.

Jupyter shows CommonMark, not MyST: this module turns MyST into what Jupyter can show,
for the reader of one framework. Only what the parser recognises as MyST is rewritten,
everything else stays as typed. Blocks are seen to here; what directives become is told
in ``directives`` and what roles become in ``roles``.

Nothing of MyST's own is left: what cannot be shown becomes the way to the page.
"""

import contextlib
import html
import os
import posixpath
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token

from ..config import Settings
from ..messages import _
from ..source import myst
from ..source.cell import Cell
from ..source.includes import resolved
from ..source.myst import Directive
from . import directives, roles, spans
from .glued import Values
from .outline import SECTION, figure_of
from .place import Labels, Place, Where, address_of
from .substitutions import substituted
from .words import numbered

_CONTAINERS = {
    "dl_open": "dl_close",
    "footnote_reference_open": "footnote_reference_close",
    "field_list_open": "field_list_close",
}
"""Blocks that are rewritten as a whole, with the token at their end."""
_DROPPED = frozenset(
    "myst_target myst_line_comment myst_block_break front_matter".split()
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_DEPTH = 20
"""How deep text may lie in text; a substitution might name itself."""


@dataclass
class Prose:
    """The prose of one chapter for one framework.

    ``framework`` is the key of the reader's framework, ``folder`` the way from the
    notebook's folder to the page's, ``labels`` what the text may refer to, ``glued``
    the values that cells put into the text. Once all texts were translated, ``title``
    is the chapter's first heading of the first level.
    """

    framework: str
    labels: Labels
    settings: Settings
    folder: str
    glued: Values = field(default_factory=dict)
    title: str = ""
    _footnotes: dict[str, int] = field(default_factory=dict)
    _pictures_in: str = ""
    _links_in: tuple[str, str] | None = None

    # What a notebook's cells hold

    def cell(self, cell: Cell, number: int) -> str:
        """Plain Markdown for a cell of prose, the chapter's ``number``-th, untitled.

        Of several ways to the page in a row one is enough.
        """
        text, pointer = self.text(cell.source, (number,)), re.escape(self.pointer()[0])
        return re.sub(rf"({pointer})(\n+{pointer})+", r"\1", text)

    def below(self, cell: Cell, number: int) -> str:
        """The caption of the figure that a code cell draws; empty if it draws none."""
        caption = str(figure_of(cell).get("caption") or "")
        if not caption:
            return ""
        lines = self.text(caption, (number,)).split("\n")
        return "\n".join(self.caption("figure", lines, (number,))).strip("\n")

    # Text

    def text(self, text: str, where: Where, offset: int = 0) -> str:
        """A text that begins ``offset`` lines into what is at a place of the page."""
        if len(where) > _DEPTH:
            return ""
        tokens, dropped = self._parsed(text)
        lines = text.split("\n")
        cursors: dict[int, int] = {}
        written = list(lines)
        edits = [(start, end, list[str]()) for start, end in dropped]
        blocks = list(_blocks(tokens))
        for token, _inside in blocks:
            if token.type == "inline":
                myst.rewrite_spans(token, lines, cursors, self._span)
        followers = [*(token for token, _inside in blocks[1:]), None]
        for (token, inside), following in zip(blocks, followers, strict=False):
            new = None
            if token.map and inside:
                new = self._container(token, inside, written, where, offset)
            elif token.map:
                here = (*where, offset + token.map[0])
                new = self._block(token, following, lines, here)
            if new is not None:
                edits.append((*_lines_of(token), new))
        for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
            _replace(lines, start, end, new)
        return "\n".join(lines).strip("\n")

    def inline(self, text: str) -> str:
        """A piece of text within a line."""
        parser = spans.parser(self.labels.source.config)
        (token,) = parser.parseInline(text, self.labels.definitions)
        return myst.with_new_spans(token, self._span)

    @contextlib.contextmanager
    def addresses_of(self, included: Directive) -> Iterator[None]:
        """Take addresses in a text as seen from its file, where ``include`` says so."""
        before = self._pictures_in, self._links_in
        source = self.labels.source
        folder = resolved(included.argument, source.folder, source.root).parent
        way = Path(os.path.relpath(folder, source.folder)).as_posix()
        if "relative-images" in included.options:
            self._pictures_in = way
        if beginning := included.options.get("relative-docs"):
            self._links_in = beginning, way
        yield
        self._pictures_in, self._links_in = before

    def children(self, text: str) -> list[Directive]:
        """The outermost directives of a text."""
        return myst.outermost(text, self.labels.source.config)

    def _parsed(self, text: str) -> tuple[list[Token], list[list[int]]]:
        """A text's tokens, and the lines in it that go without leaving a token.

        They hold nothing but attributes, or define an address: links get theirs in
        place, since the definition may be in another cell.
        """
        known = self.labels.definitions
        before = set(known.get("references", ()))
        tokens = spans.parser(self.labels.source.config).parse(text + "\n", known)
        new = [v for k, v in known.get("references", {}).items() if k not in before]
        addresses = [each["map"] for each in [*new, *known.pop("duplicate_refs", ())]]
        attributes = [[n, n + 1] for n in known.pop(spans.ATTRIBUTE_LINES)]
        return tokens, addresses + attributes

    # Blocks

    def _block(
        self, token: Token, following: Token | None, lines: list[str], here: Where
    ) -> list[str] | None:
        """The lines that replace a block; None for a block that stays."""
        if token.type in _DROPPED:
            return []
        start, end = myst.lines_of(token)
        first = lines[start]
        if token.type == "heading_open" and following:
            return self._heading(token, first, following, here)
        if token.type == "math_block_label":
            return _indented(self.formula(token.content, here), first, "$$")
        if token.type == "math_block" and _is_split(token.content):
            return _indented(self.formula(token.content), first, "$$")
        if token.type == "amsmath" and token.meta["numbered"] != "*":
            return _indented(self._environment(token, here), first, "\\begin")
        if token.type == "html_block":
            return self.html("\n".join(lines[start:end])).split("\n")
        if token.type == "substitution_block":
            text = substituted(token.content, self.labels.source.config)
            return _indented(self.text(text, here).split("\n"), first, "{{")
        if myst.is_fence(token):
            return self._fence(token, first, here)
        return None

    def _fence(self, token: Token, first: str, here: Where) -> list[str] | None:
        if myst.name_of(token):
            new = directives.shown(self, myst.directive(token), here)
        elif token.type == "colon_fence":
            new = directives.fenced(token.content.rstrip("\n"), token.info.strip())
        else:
            return None
        return _indented(["", *_trimmed(new), ""] if new else [], first, token.markup)

    def _heading(
        self, token: Token, line: str, inline: Token, here: Where
    ) -> list[str] | None:
        """Number a heading; the chapter's title moves to the first cell."""
        marked = line.lstrip().startswith("#")
        title = re.sub(r"\s#+\s*$", "", line).lstrip("# ") if marked else line
        title = title.strip()
        if number := self.labels.number(here):
            title = number + self.settings.sphinx["html_secnumber_suffix"] + title
        if token.tag == "h1" and not self.title:
            self.title = title
            return []
        return [f"{'#' * int(token.tag[1:])} {title}"] if number else None

    def _container(
        self,
        token: Token,
        inside: list[Token],
        lines: list[str],
        where: Where,
        offset: int,
    ) -> list[str]:
        if token.type == "footnote_reference_open":
            return self._footnote(token, lines, where, offset)
        mark, result = r"\s*(?:[:~](?=\s|$)|:[^:]+:)\s*", list[str]()
        for place, inner in enumerate(inside):
            if inner.type in ("dt_open", "fieldlist_name_open"):
                term = self.inline(inside[place + 1].content)
                result += ["", f"**{term}**"]
            elif inner.type in ("dd_open", "fieldlist_body_open") and inner.map:
                start, end = inner.map
                while not re.match(mark, lines[start]):
                    start += 1
                part = _without_mark(lines[start:end], mark)
                text = self.text(part, where, offset + start)
                result += _bullet(text) if text else []
        return [*result, ""]

    def _footnote(
        self, token: Token, lines: list[str], where: Where, offset: int
    ) -> list[str]:
        start, end = myst.lines_of(token)
        part = _without_mark(lines[start:end], r"\s*\[\^[^\]]+\]:\s*")
        first, *rest = self.text(part, where, offset + start).split("\n")
        return ["", f"{self._footnote_mark(token.meta['label'])} {first}", *rest, ""]

    def _footnote_mark(self, label: str) -> str:
        """The number of a footnote: the label's own, or the next that no label has."""
        if label not in self._footnotes:
            known = self.labels.definitions.get("footnotes", {}).get("refs", {})
            taken = {int(key[1:]) for key in known if key[1:].isdigit()}
            taken |= set(self._footnotes.values())
            free = next(n for n in range(1, len(taken) + 2) if n not in taken)
            self._footnotes[label] = int(label) if label.isdigit() else free
        return f"<sup>{self._footnotes[label]}</sup>"

    # Figures, formulas and what else directives consist of

    def caption(self, kind: str, lines: list[str], here: Where) -> list[str]:
        """A caption with its number below a blank line; nothing without a caption."""
        if not any(lines):
            return []
        number = self.labels.number(here)
        words = numbered(kind, self.settings).replace("%s", number)
        first = f"**{words}.** {lines[0]}" if number else lines[0]
        return ["", first, *lines[1:]]

    def picture(
        self, target: str, alt: str, options: dict[str, str] | None = None
    ) -> str:
        """A picture; one that has a size is written in HTML, as Markdown has none."""
        options = options or {}
        address = self.moved(self._chosen(target))
        sizes = {
            name: re.sub(r"\s*px$", "", options[name])
            for name in ("width", "height")
            if re.fullmatch(r"[\d.]+\s*(px|%)?", options.get(name, ""))
        }
        if sizes:
            parts = {"src": address, "alt": alt, **sizes}
            shown = "".join(f' {k}="{html.escape(v)}"' for k, v in parts.items())
            picture = f"<img{shown}>"
        else:
            picture = f"![{alt}]({address_of(address)})"
        link = options.get("target")
        return f"[{picture}]({address_of(self.moved(link))})" if link else picture

    def _chosen(self, target: str) -> str:
        """The best of the pictures that ``picture.*`` stands for."""
        if not target.endswith(".*"):
            return target
        source = self.labels.source
        stem = resolved(target[:-2], source.folder, source.root)
        for suffix in (".svg", ".png", ".gif", ".jpeg", ".jpg"):
            if stem.with_name(stem.name + suffix).is_file():
                return target[:-2] + suffix
        return target

    def formula(self, formula: str, here: Where | None = None) -> list[str]:
        """A formula in lines of its own, with its number if ``here`` says which."""
        parts = [part.strip("\n") for part in re.split(r"\n\s*\n", formula)]
        parts = [part for part in parts if part.strip()]
        if len(parts) > 1:
            rows = " \\\\\n".join(parts)
            formula = f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"
        elif parts and _is_split(parts[0]):
            formula = f"\\begin{{aligned}}\n{parts[0]}\n\\end{{aligned}}"
        else:
            formula = "\n".join(parts)
        number = self.labels.number(here) if here else ""
        tag = [rf"\tag{{{number}}}"] if number else []
        return ["$$", *formula.split("\n"), *tag, "$$"]

    def _environment(self, token: Token, here: Where) -> list[str]:
        r"""A numbered environment such as ``align``, with the page's number."""
        number = self.labels.number(here)
        name = token.meta["environment"]
        body = token.content.strip()
        begin, end = f"\\begin{{{name}}}", f"\\end{{{name}}}"
        if not number or not (body.startswith(begin) and body.endswith(end)):
            return body.split("\n")
        inner = body[len(begin) : -len(end)].rstrip("\n")
        begin, end = f"\\begin{{{name}*}}", f"\\end{{{name}*}}"
        return f"{begin}{inner}\n\\tag{{{number}}}\n{end}".split("\n")

    def html(self, text: str) -> str:
        """HTML whose pictures and links are found from the notebook."""

        def moved(found: re.Match[str]) -> str:
            name, mark, target = found.groups()
            return f"{name}={mark}{self.moved(html.unescape(target))}{mark}"

        return re.sub(r"\b(src|href)=([\"'])([^\"']*)\2", moved, text)

    # Ways to other places

    def pointer(self) -> list[str]:
        """The way to the page, for what only the page can show."""
        page = self.page_link(self.labels.name)
        return [_("*This part is on the page {page} of the book.*").format(page=page)]

    def link(self, place: Place, text: str) -> str:
        """``text`` as a link to a place; the text alone if no link leads there."""
        target = self._way(place)
        return f"[{_unlinked(text)}]({address_of(target)})" if target else text

    def _way(self, place: Place) -> str:
        """The address of a place: here, in another notebook or on the site."""
        if place.page == self.labels.name:
            return self._anchor(place) if place.kind == SECTION else ""
        page = self.labels.page(place.page)
        if page is None:
            return ""
        return page.notebook or (page.url and f"{page.url}#{place.id}")

    def _anchor(self, place: Place) -> str:
        """The address that Jupyter gives a heading: its text with dashes."""
        title = _bare(self.inline(place.text))
        if place.number:
            suffix = self.settings.sphinx["html_secnumber_suffix"]
            title = f"{place.number}{suffix}{title}"
        return address_of("#" + title.replace(" ", "-"))

    def page_link(self, name: str, text: str = "") -> str:
        """A link to a page, under its title; only the text if it has no address."""
        page = self.labels.page(name)
        if page is None:
            return text or name
        own = name == self.labels.name
        target = page.url if own else page.notebook or page.url
        title = text or self.inline(page.title)
        if target:
            return f"[{title}]({address_of(target)})"
        return title if text else _("“{title}”").format(title=title)

    def page_name(self, target: str) -> str:
        """The name of the page that ``target`` means on this page; empty if none."""
        target = re.sub(r"\.(md|ipynb|rst)$", "", target)
        folder = posixpath.dirname(self.labels.name)
        name = target[1:] if target.startswith("/") else f"{folder}/{target}"
        name = posixpath.normpath(name).lstrip("/")
        return name if self.labels.page(name) else ""

    def moved(self, target: str) -> str:
        """The address of a file beside the page, as seen from the notebook's folder."""
        if not target or _SCHEME.match(target) or target.startswith(("#", "//")):
            return target
        if target.startswith("/"):
            source = self.labels.source
            top = Path(os.path.relpath(source.root, source.folder)).as_posix()
            target = f"{top}/{target[1:]}"
        return posixpath.normpath(f"{self.folder}/{target}")

    # Within lines

    def _span(self, token: Token) -> str:
        """What replaces a span of a line."""
        if token.type == "myst_role":
            return roles.shown(self, token.meta["name"], token.content)
        if token.type == "image":
            return self._image(token)
        if token.type == "link_open":
            return self._link_start(token)
        if token.type == "link_close":
            return self._link_end(token.meta["open"])
        if token.type == "footnote_ref":
            return self._footnote_mark(token.meta["label"])
        if token.type == "html_inline":
            return self.html(token.content)
        if token.type == "substitution_inline":
            text = substituted(token.content, self.labels.source.config)
            return self.inline(" ".join(text.split("\n")))
        return ""  # the marks of attributes

    def _image(self, token: Token) -> str:
        alt = myst.with_new_spans(token, self._span)
        title, target = token.attrs.get("title", ""), unquote(str(token.attrs["src"]))
        if self._pictures_in and not _SCHEME.match(target):
            target = posixpath.join(self._pictures_in, target)
        if title and not {"width", "height"} & set(token.attrs):
            return f'![{alt}]({address_of(self.moved(target))} "{title}")'
        sizes = {k: str(v) for k, v in token.attrs.items() if k in ("width", "height")}
        return self.picture(target, alt, sizes)

    def _link_start(self, opening: Token) -> str:
        """The beginning of a link, or all of one that has no text of its own."""
        if not opening.meta["is_empty"]:
            return "[" if self._target(opening) else ""
        address, _title = spans.target(opening)
        text, target = self._resolved(address)
        return f"[{_unlinked(text)}]({address_of(target)})" if target else text

    def _link_end(self, opening: Token) -> str:
        if opening.meta["is_empty"]:
            return ""
        _, title = spans.target(opening)
        target = self._target(opening)
        behind = f' "{title}"' if title else ""
        return f"]({address_of(target)}{behind})" if target else ""

    def _target(self, opening: Token) -> str:
        return self._resolved(spans.target(opening)[0])[1]

    def _resolved(self, address: str) -> tuple[str, str]:
        """The text that a link has without one of its own, and where it leads."""
        address = re.sub(r"^(project|path):", "", address)
        if address.startswith("inv:"):
            return address.rpartition("#")[2], ""
        if _SCHEME.match(address):
            return address, address
        if self._links_in and address.startswith(self._links_in[0]):
            address = posixpath.normpath(posixpath.join(self._links_in[1], address))
        path, _hash, fragment = unquote(address).partition("#")
        name = self.page_name(path) if path else self.labels.name
        place = self._place(fragment or path)
        if place and (not path or not name or place.page == name):
            return roles.title_of(self, place), self._way(place)
        page = self.labels.page(name) if name else None
        if path and page:
            target = page.notebook or page.url or self.moved(path)
            return self.inline(page.title), target
        if not path:  # what only the page has, such as a name that a directive gives
            url = page.url if page else ""
            return fragment, url and f"{url}#{fragment}"
        return path, self.moved(path) + (f"#{fragment}" if fragment else "")

    def _place(self, label: str) -> Place | None:
        return self.labels.get(label) if label else None


def _is_split(formula: str) -> bool:
    """Whether a formula has lines that only Sphinx puts below each other."""
    return "\\\\" in formula and "\\begin{" not in formula


def _blocks(tokens: list[Token]) -> Iterable[tuple[Token, list[Token]]]:
    """The tokens, of a container one alone, with those in it."""
    rest = iter(tokens)
    for token in rest:
        inside: list[Token] = []
        if token.type in _CONTAINERS:
            for inner in rest:
                if inner.type == _CONTAINERS[token.type] and inner.level == token.level:
                    break
                inside.append(inner)
        yield token, inside


def _without_mark(lines: list[str], mark: str) -> str:
    """The text behind a mark, and below it without the indent."""
    first = re.sub(mark, "", lines[0], count=1)
    rest = textwrap.dedent("\n".join(lines[1:]))
    return f"{first}\n{rest}".strip("\n")


def _bullet(text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"- {first}", *(f"  {line}".rstrip() for line in rest)]


def _bare(text: str) -> str:
    """A title as it looks: without the marks of emphasis, code and links."""
    return re.sub(r"[*`]|<[^>]+>", "", _unlinked(text))


def _unlinked(text: str) -> str:
    """A text without links, to be the text of a link itself."""
    return re.sub(r"(?<!!)\[([^\]]*)\]\([^)]*\)", r"\1", text)


def _indented(new: list[str], first: str, marker: str) -> list[str]:
    """``new`` behind what stood before the fence: spaces, a bullet, ``>``."""
    before = first[: max(first.find(marker), 0)]
    rest = re.sub(r"[^>\s]", " ", before)
    lines = [(rest if n else before) + line for n, line in enumerate(new)]
    return [line if line.strip() else "" for line in lines]


def _lines_of(token: Token) -> tuple[int, int]:
    """The lines of a block; that of an environment leaves out its last."""
    start, end = myst.lines_of(token)
    if token.type == "amsmath":
        end = start + 1 + token.content.count("\n")
    return start, end


def _trimmed(lines: list[str]) -> list[str]:
    return "\n".join(lines).strip("\n").split("\n")


def _is_blank(line: str) -> bool:
    return not line.strip("> ")


def _replace(lines: list[str], start: int, end: int, new: list[str]) -> None:
    """Put ``new`` in place of lines, with no blank line beside one that is there."""
    if new and _is_blank(new[0]) and (start == 0 or _is_blank(lines[start - 1])):
        new = new[1:]
    if new and _is_blank(new[-1]) and (end >= len(lines) or _is_blank(lines[end])):
        new = new[:-1]
    lines[start:end] = new
    blank = all(
        0 <= n < len(lines) and not lines[n].strip() for n in (start - 1, start)
    )
    if not new and blank:
        del lines[start]
