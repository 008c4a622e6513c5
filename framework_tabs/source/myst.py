"""MyST Markdown as tokens with line numbers.

One parser and one way to look inside a directive, shared by the module that checks
chapters and the one that writes a notebook's prose. No knowledge of frameworks here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig

from .. import page_settings
from .._compat import (
    TopmatterReadError,
    create_md_parser,
    merge_file_level,
    parse_directive_text,
    read_topmatter,
)
from ..config import ConfigError

_parsers: dict[str, MarkdownIt] = {}
"""The parsers that were made, each by the settings it was made for."""

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


def config(pages: dict[str, Any]) -> MdParserConfig:
    """MyST-Parser's settings for a book whose pages have the settings ``pages``.

    Raises ConfigError where MyST-Parser has no such setting or value.
    """
    names = {each.name for each in fields(MdParserConfig)}
    known = [name for name in names if f"myst_{name}" in pages]
    try:
        return MdParserConfig(**{name: pages[f"myst_{name}"] for name in known})
    except (TypeError, ValueError) as error:
        raise ConfigError("", str(error), "parse") from None


def config_of(text: str, pages: dict[str, Any]) -> MdParserConfig:
    """The same for a file, whose own header may set what it likes."""
    try:
        header = read_topmatter(text) or {}
    except TopmatterReadError:
        header = {}
    merged: MdParserConfig = merge_file_level(config(pages), header, lambda *_: None)
    return merged


JUPYTER_BOOK = config(page_settings.of_jupyter_book())
"""The settings of a book that says nothing about its Markdown."""


def parser(config: MdParserConfig = JUPYTER_BOOK) -> MarkdownIt:
    """The MyST parser with these settings, made once."""
    key = f"{config} {config.sub_delimiters}"
    if key not in _parsers:
        _parsers[key] = create_md_parser(config, RendererHTML)
    return _parsers[key]


def is_fence(token: Token) -> bool:
    """Whether ``token`` is a fenced block, with backticks, tildes or colons."""
    return token.type in ("fence", "colon_fence")


def name_of(token: Token) -> str:
    """The directive a fence names: ``note`` for ``{note} ...``, else nothing."""
    info = token.info.strip()
    return info[1 : info.index("}")] if info.startswith("{") and "}" in info else ""


def lines_of(token: Token) -> list[int]:
    """The first line of a block and the one behind its last, counted from 0."""
    assert token.map is not None, "markdown-it gives every block its lines"
    return token.map


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
        line=lines_of(token)[0],
        body_line=lines_of(token)[0] + 1 + parsed.body_offset - shift,
        options={key: value or "" for key, value in parsed.options.items()},
        warning=parsed.warnings[0].msg if parsed.warnings else "",
    )


def is_closed(token: Token, lines: list[str]) -> bool:
    """Whether the fence has its closing line (``lines``: those of the parsed text).

    markdown-it closes a fence silently at the end of its parent.
    """
    start, end = lines_of(token)[0], min(lines_of(token)[1], len(lines))
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


def directives(text: str, config: MdParserConfig = JUPYTER_BOOK) -> Iterator[Directive]:
    """Every directive of ``text`` at any depth, outermost first.

    Line numbers are those of ``text``.
    """
    yield from _directives(text, 0, parser(config))


def outermost(text: str, config: MdParserConfig) -> list[Directive]:
    """The directives of ``text`` that are in no other one."""
    tokens = parser(config).parse(text + "\n")
    return [directive(token) for token in tokens if is_fence(token) and name_of(token)]


def _directives(text: str, offset: int, parser: MarkdownIt) -> Iterator[Directive]:
    for token in parser.parse(text + "\n"):
        if is_fence(token) and name_of(token):
            found = directive(token)
            place = offset + found.line, offset + found.body_line
            yield Directive(**{**vars(found), "line": place[0], "body_line": place[1]})
            if found.name not in LITERAL:
                yield from _directives(found.body, place[1], parser)


def rewrite_spans(
    token: Token,
    lines: list[str],
    cursors: dict[int, int],
    new_of: Callable[[Token], str],
) -> None:
    """Rewrite in ``lines`` what an inline token holds with a ``meta["span"]``.

    Every line of the token's content is found again in its source line, where a
    quotation mark, a bullet or a table's bars may stand around it; ``cursors`` says how
    far a line is done.
    """
    after = with_new_spans(token, new_of).split("\n")
    for number, before in enumerate(token.content.split("\n")):
        row = lines_of(token)[0] + number
        for written, new in ((before, after[number]), _in_table(before, after[number])):
            start = lines[row].find(written, cursors.get(row, 0))
            if start >= 0:
                end = start + len(written)
                lines[row] = lines[row][:start] + new + lines[row][end:]
                cursors[row] = start + len(new)
                break


def _in_table(*texts: str) -> tuple[str, ...]:
    """The texts as they stand in a table, where a bar needs a backslash."""
    return tuple(text.replace("|", "\\|") for text in texts)


def with_new_spans(token: Token, new: Callable[[Token], str]) -> str:
    """The token's content; a span over several lines leaves as many."""
    text = token.content
    for child in reversed(token.children or []):
        if "span" in child.meta:
            start, end = child.meta["span"]
            breaks = "\n" * text.count("\n", start, end)
            text = text[:start] + breaks + new(child) + text[end:]
    return text
