"""What on a page has a number or a label, in the order in which Sphinx meets it.

All tabs count, whatever framework a notebook is for: the page is one for all. Lines of
text are not read here, only blocks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from markdown_it.token import Token

from ..source import myst
from ..source.cell import Cell
from ..source.myst import Directive
from . import inclusion
from .place import Source, Where
from .substitutions import substituted

CAPTIONED = frozenset("mermaid graphviz digraph graph inheritance-diagram uml".split())
"""Directives that make a figure of their picture if they have the option caption."""
FIGURES = frozenset("figure figure-md glue:figure eval:figure".split())
TABLES = frozenset("table list-table csv-table results-table".split())
CODE = frozenset("code-block sourcecode literalinclude".split())
PROOFS = frozenset(
    "axiom theorem lemma algorithm definition remark conjecture corollary criterion "
    "example property observation proposition assumption notation".split()
)
CHILDREN, SECTION, MATH = "children", "section", "displaymath"
_OPAQUE = myst.LITERAL | {"glossary", "bibliography", "toctree"}
_HIDDEN = frozenset("remove-cell remove_cell".split())
_NO_OUTPUT = _HIDDEN | set("remove-output remove_output skip-execution".split())
_TRANSPARENT = frozenset(
    "myst_target myst_line_comment front_matter substitution_block".split()
)


@dataclass(frozen=True)
class Item:
    """One thing on a page: what ``Place`` says of it, and whether it is counted.

    ``level`` is that of a section, of a formula 1 if it has a label of its own. Of a
    table of contents that the page itself holds, ``pages`` are the lines, and ``level``
    is how many levels have numbers.
    """

    kind: str
    where: Where
    labels: tuple[str, ...] = ()
    text: str = ""
    counted: bool = True
    level: int = 0
    pages: tuple[str, ...] = ()


@dataclass
class Outline:
    """The items of a page, and what Markdown defines in it for all of its text."""

    items: list[Item] = field(default_factory=list)
    definitions: dict[str, Any] = field(default_factory=dict)


def outline(
    cells: Iterable[Cell], frameworks: Iterable[str], source: Source
) -> Outline:
    """Read the outline of a page made of ``cells``.

    Neighbouring cells of frameworks become tabs, in the order of ``frameworks``.
    """
    scan = _Scan(source)
    order: dict[str | None, int] = {key: n for n, key in enumerate(frameworks)}
    groups = groupby(enumerate(cells), key=lambda each: each[1].framework is not None)
    for _is_of_frameworks, group in groups:
        # Cells of all frameworks are equal, and stay as they are.
        members = sorted(group, key=lambda each: order.get(each[1].framework, 0))
        for number, cell in members:
            scan.cell(cell, (number,))
    return scan.found


def figure_of(cell: Cell) -> dict[str, Any]:
    """What a code cell says of the figure that its output becomes; mostly nothing."""
    figure = (cell.metadata.get("mystnb") or {}).get("figure")
    hidden = _NO_OUTPUT & set(cell.metadata.get("tags", []))
    return figure if isinstance(figure, dict) and not hidden else {}


def label_of(found: Directive) -> str:
    """The label that a directive gives what it makes."""
    if found.name == "figure-md":
        return found.argument
    return found.options.get("label", "") or found.options.get("name", "")


class _Scan:
    """Collects the items of a page's texts."""

    def __init__(self, source: Source):
        self.found = Outline()
        self._source = source
        self._pending: list[str] = []
        self._parser = myst.parser(source.config)

    def cell(self, cell: Cell, where: Where) -> None:
        if _HIDDEN & set(cell.metadata.get("tags", [])):
            return
        if cell.kind == "markdown":
            self._text(cell.source, where)
        elif figure := figure_of(cell):
            caption = str(figure.get("caption") or "")
            self._add("figure", where, str(figure.get("name") or ""), caption, caption)
        else:
            self._add("", where)

    def _add(
        self,
        kind: str,
        where: Where,
        label: str = "",
        text: str = "",
        counted: object = True,
        **more: Any,
    ) -> None:
        """Add an item, which takes the labels that stood before it.

        A formula leaves them: for Sphinx they name a place, and only its own label it.
        """
        if kind == MATH:
            self._add("", where)
        labels = tuple(each for each in (*self._pending, label) if each)
        self._pending = []
        if labels or (kind and counted):
            self.found.items.append(
                Item(kind, where, labels, text, bool(counted), **more)
            )

    def _text(self, text: str, where: Where, nested: bool = False) -> None:
        with self._parser.reset_rules():
            rules = self._parser.core.ruler.get_active_rules()
            self._parser.core.ruler.enableOnly(rules[: rules.index("inline")])
            tokens = self._parser.parse(text + "\n", self.found.definitions)
        level = 0
        for token, following in zip(tokens, [*tokens, None][1:], strict=False):
            if token.map and token.type not in _TRANSPARENT:
                here = (*where, token.map[0])
                nested_here = nested or level > 0
                self._block(token, following, here, nested_here)
            elif token.type == "myst_target":
                self._pending.append(token.content)
            elif token.type == "substitution_block":
                replaced = substituted(token.content, self._source.config)
                self._text(replaced, (*where, myst.lines_of(token)[0]), nested=True)
            level += token.nesting

    def _block(
        self, token: Token, following: Token | None, here: Where, nested: bool
    ) -> None:
        own = str(token.attrs.get("id", ""))
        if token.type == "heading_open" and following:
            kind = "" if nested else SECTION
            level = int(token.tag[1:])
            self._add(kind, here, own, following.content, level=level)
        elif token.type == "math_block_label":
            self._add(MATH, here, token.info, level=1)
        elif token.type == "math_block":
            self._add(MATH, here, counted=self._pending or own)
        elif token.type == "amsmath":
            is_numbered = token.meta["numbered"] != "*"
            counted = is_numbered or self._pending or own
            self._add(MATH, here, counted=counted, level=int(is_numbered))
        elif myst.is_fence(token) and myst.name_of(token):
            self._directive(myst.directive(token), here)
        elif token.nesting >= 0 and token.type != "inline":
            self._add("", here, own)

    def _directive(self, found: Directive, here: Where) -> None:
        name, label, options = found.name, label_of(found), found.options
        if name in FIGURES:
            self._add("figure", here, label, _caption(found), _caption(found))
        elif name in CAPTIONED:
            caption = options.get("caption", "")
            self._add("figure", here, label, caption, caption)
        elif name in TABLES:
            self._add("table", here, label, found.argument, found.argument)
        elif name in CODE:
            caption = options.get("caption", "")
            if not caption and "caption" in options:
                caption = found.argument
            self._add("code-block", here, label, caption, caption)
        elif name == "math":
            is_numbered = label or self._source.sphinx["math_number_all"]
            counted = is_numbered or self._pending
            self._add(MATH, here, label, counted=counted, level=int(bool(is_numbered)))
        elif name in ("exercise", "exercise-start"):
            counted = not {"nonumber", "hidden"} & set(options)
            self._add("exercise", here, label, found.argument, counted)
        elif name in ("solution", "solution-start"):
            self._add("solution", here, label, found.argument, counted=False)
        elif name.startswith("prf:") and name[4:] in PROOFS:
            kind = self._source.sphinx["prf_realtyp_to_countertyp"].get(name[4:])
            counted = "nonumber" not in options
            self._add(kind or name[4:], here, label, found.argument, counted)
        elif name == "tableofcontents":
            self._add(CHILDREN, here)
        elif name == "toctree":
            depth = options.get("numbered", "0") or "999"
            pages = tuple(found.body.split("\n"))
            self._add(CHILDREN, here, level=int(depth), pages=pages)
        elif name == "include":
            return self._included(found, here)
        elif name == "eval-rst":
            return self._restructured(found.body, here)
        else:
            self._add("", here, label)
        if name not in _OPAQUE:
            self._text(found.body, here, nested=True)

    def _included(self, found: Directive, here: Where) -> None:
        try:
            text = inclusion.markdown(found, self._source.folder, self._source.root)
        except inclusion.IncludeError:
            return
        if text is not None:
            self._text(text, here)

    def _restructured(self, text: str, here: Where) -> None:
        """Count what a text in reStructuredText adds to the page."""
        for item in restructured(text, here):
            self.found.items.append(item)


def restructured(text: str, here: Where) -> list[Item]:
    """The figures and tables with captions, and the sections, of reStructuredText.

    Docutils reads it: what only Sphinx knows is left out.
    """
    quiet = {"report_level": 5, "halt_level": 5, "file_insertion_enabled": False}
    document = publish_doctree(text, settings_overrides={**quiet, "doctitle_xform": 0})
    kinds = {nodes.figure: "figure", nodes.table: "table", nodes.section: SECTION}
    found = []
    for place, node in enumerate(document.findall(nodes.Element)):
        title = next(
            (c for c in node if isinstance(c, nodes.caption | nodes.title)), None
        )
        if type(node) in kinds and title:
            # Docutils names the picture, where Sphinx names the figure.
            pictures = node.findall(nodes.image) if type(node) is nodes.figure else ()
            names = tuple(n for each in (node, *pictures) for n in each["names"])
            level = sum(isinstance(each, nodes.section) for each in _above(node)) + 1
            kind, words = kinds[type(node)], title.astext()
            found.append(Item(kind, (*here, place), names, words, level=level))
    return found


def _above(node: nodes.Node) -> Iterable[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _caption(found: Directive) -> str:
    """The first paragraph below a figure's options; of ``figure-md``, the second."""
    paragraphs = [each.strip() for each in found.body.split("\n\n") if each.strip()]
    if found.name == "figure-md":
        paragraphs = paragraphs[1:]
    return paragraphs[0] if paragraphs else ""
