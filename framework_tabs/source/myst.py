"""MyST Markdown as tokens with line numbers.

One parser and one way to look inside a directive, shared by the module that checks
chapters and the one that writes a notebook's prose. No knowledge of frameworks here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig

from .._compat import create_md_parser, parse_directive_text

MYST = MdParserConfig(
    enable_extensions={
        "amsmath",
        "attrs_block",
        "attrs_inline",
        "colon_fence",
        "deflist",
        "dollarmath",
        "substitution",
        "tasklist",
    }
)
"""The syntax of chapters: what ``_config.yml`` enables and Jupyter Book's defaults.
Without ``linkify``, which changes no block."""

LITERAL = frozenset(
    "code code-block sourcecode raw math mermaid parsed-literal eval-rst "
    "literalinclude csv-table".split()
)
"""Directives whose body is not Markdown: nothing in it is a cell or a role."""


@dataclass(frozen=True)
class Directive:
    """A fence that MyST runs as a directive.

    ``line`` is the 0-based line of the fence in the text it was parsed from and
    ``body_line`` that of the body's first line; ``warning`` says what is wrong with
    the options, if anything.
    """

    name: str
    argument: str
    body: str
    line: int
    body_line: int
    options: dict[str, str] = field(default_factory=dict)
    warning: str = ""


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """The MyST parser with Jupyter Book's extensions."""
    return create_md_parser(MYST, RendererHTML)


def is_fence(token: Token) -> bool:
    """Whether ``token`` is a fenced block, with backticks, tildes or colons."""
    return token.type in ("fence", "colon_fence")


def name_of(token: Token) -> str:
    """The directive a fence names: ``note`` for ``{note} ...``, else nothing."""
    info = token.info.strip()
    return info[1 : info.index("}")] if info.startswith("{") and "}" in info else ""


def directive(token: Token) -> Directive:
    """Read argument, options and body of a fence for which ``name_of`` is not empty.

    TestDirective is docutils' one directive that takes any option.
    """
    first = token.info.strip().partition("}")[2].strip()
    # As in myst-parser: a fence right at the start is no ``:option:``.
    shift = 1 if token.content.startswith(":::") else 0
    parsed = parse_directive_text(TestDirective, first, "\n" * shift + token.content)
    return Directive(
        name=name_of(token),
        argument=" ".join(parsed.arguments),
        body="\n".join(parsed.body),
        line=token.map[0],
        body_line=token.map[0] + 1 + parsed.body_offset - shift,
        options={key: value or "" for key, value in parsed.options.items()},
        warning=parsed.warnings[0].msg if parsed.warnings else "",
    )


def is_closed(token: Token, lines: list[str]) -> bool:
    """Whether the fence has its closing line (``lines``: those of the parsed text).

    markdown-it closes a fence silently at the end of its parent.
    """
    start, end = token.map[0], min(token.map[1], len(lines))
    last = lines[end - 1].strip(" \t>")
    has_end = last.startswith(token.markup) and not last.strip(token.markup[0])
    return end - start > 1 and has_end


def swallows(token: Token, opening: str) -> bool:
    """Whether a fence holds ``opening`` behind a marker as long as its own.

    A block in which that is meant as an example has the longer marker, so this one
    lacks its closing line and has eaten the next block.
    """
    return any(
        line.strip().startswith(token.markup)
        and line.strip().lstrip(token.markup[0]).lstrip().startswith(opening)
        for line in token.content.splitlines()
    )


def directives(text: str) -> Iterator[Directive]:
    """Every directive of ``text`` at any depth, outermost first.

    Line numbers are those of ``text``.
    """
    yield from _directives(text, 0)


def _directives(text: str, offset: int) -> Iterator[Directive]:
    for token in parser().parse(text + "\n"):
        if is_fence(token) and name_of(token):
            found = directive(token)
            place = offset + found.line, offset + found.body_line
            yield Directive(**{**vars(found), "line": place[0], "body_line": place[1]})
            if found.name not in LITERAL:
                yield from _directives(found.body, place[1])


def rewrite_spans(
    token: Token,
    lines: list[str],
    cursors: dict[int, int],
    new: Callable[[Token], str],
) -> None:
    """Rewrite in ``lines`` what an inline token holds with a ``meta["span"]``.

    Every line of the token's content is found again in its source line, where a
    quotation mark, a bullet or a table's bars may stand around it; ``cursors`` says how
    far a line is done.
    """
    after = with_new_spans(token, new).split("\n")
    for number, before in enumerate(token.content.split("\n")):
        row = token.map[0] + number
        start = lines[row].find(before, cursors.get(row, 0))
        if start >= 0:
            end = start + len(before)
            lines[row] = lines[row][:start] + after[number] + lines[row][end:]
            cursors[row] = start + len(after[number])


def with_new_spans(token: Token, new: Callable[[Token], str]) -> str:
    """The token's content; a span over several lines leaves as many."""
    text = token.content
    for child in reversed(token.children or []):
        if "span" in child.meta:
            start, end = child.meta["span"]
            breaks = "\n" * text.count("\n", start, end)
            text = text[:start] + breaks + new(child) + text[end:]
    return text
