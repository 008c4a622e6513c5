"""The MyST parser that says where in a text it found what Jupyter does not know.

``meta["span"]`` of a token within a line is the part of the line's text that the token
was made from, and that is to be replaced. A link has two, one on its opening token and
one on its closing one, so that what is between them stays; of code, the span is that of
the attributes behind it.
"""

from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig

from .._compat import create_md_parser, inline_rules
from ..source import myst

ATTRIBUTE_LINES = "attribute_lines"
"""What the parser's environment calls the lines that hold nothing but attributes."""

_parsers: dict[str, MarkdownIt] = {}

Rule = Callable[[StateInline, bool], bool]
Locate = Callable[[StateInline, int], None]


def parser(config: MdParserConfig) -> MarkdownIt:
    """The parser with these settings, made once."""
    key = f"{config} {config.sub_delimiters}"
    if key not in _parsers:
        _parsers[key] = _located(create_md_parser(config, RendererHTML))
    return _parsers[key]


def _located(parser: MarkdownIt) -> MarkdownIt:
    rules = inline_rules(parser)
    for name, locate in _LOCATE.items():
        if name in rules:
            parser.inline.ruler.at(name, _noted(rules[name], locate))
    parser.core.ruler.after("block", "attribute_lines", _note_attribute_lines)
    return parser


def _noted(rule: Rule, locate: Locate) -> Rule:
    """``rule`` as it is, plus a note of what part of the text it consumed."""

    def noted(state: StateInline, silent: bool) -> bool:
        start = state.pos
        matched = rule(state, silent)
        if matched and not silent:
            locate(state, start)
        return matched

    return noted


def _whole(state: StateInline, start: int) -> None:
    state.tokens[-1].meta["span"] = (start, state.pos)


def _around(state: StateInline, start: int) -> None:
    """Note the opening bracket and all behind the text of a link or a span."""
    closing = state.tokens[-1]
    kind = closing.type.replace("close", "open")
    opening = next(t for t in reversed(state.tokens) if t.type == kind)
    end = state.md.helpers.parseLinkLabel(state, start, False)
    is_empty = not state.src[start + 1 : end]
    opening.meta |= {"span": (start, start + 1), "is_empty": is_empty}
    closing.meta |= {"span": (end, state.pos), "open": opening}


def _address(state: StateInline, start: int) -> None:
    """Note an address in angle brackets, if it is one that only MyST knows."""
    opening = state.tokens[-3]
    if str(opening.attrs["href"]).startswith(("project:", "path:", "inv:")):
        opening.meta |= {"span": (start, state.pos), "is_empty": True}


def _attributes(state: StateInline, start: int) -> None:
    """Let what the attributes belong to end behind them."""
    token = state.tokens[-1]
    begin, _ = token.meta.get("span", (start, start))
    token.meta["span"] = (begin, state.pos)


_LOCATE: dict[str, Locate] = {
    "myst_role": _whole,
    "image": _whole,
    "substitution_inline": _whole,
    "footnote_ref": _whole,
    "html_inline": _whole,
    "autolink": _address,
    "link": _around,
    "span": _around,
    "attr": _attributes,
}


def _note_attribute_lines(state: StateCore) -> None:
    """Remember lines of attributes, before they become those of the next block."""
    found = [myst.lines_of(t)[0] for t in state.tokens if t.type == "attrs_block"]
    state.env[ATTRIBUTE_LINES] = found


def target(opening: Token) -> tuple[str, str]:
    """The address and the title of a link."""
    attrs: dict[str, Any] = opening.attrs
    return str(attrs.get("href", "")), str(attrs.get("title", ""))
