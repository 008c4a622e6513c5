"""The Markdown of *Dive into Deep Learning* as tokens: what it adds to CommonMark.

* ``:begin_tab:`pytorch` `` … ``:end_tab:``: a block for some frameworks (``d2l_tab``);
* lines of their own below a heading, an image, a table or a formula: ``:label:``,
  ``:eqlabel:``, ``:width:``, ``:bibliography:`` (``d2l_line``);
* roles in a sentence, such as ``:numref:``, ``:eqref:`` and ``:cite:`` (``d2l_role``);
* marks of what slides show, ``[**…**]`` and ``(**…**)``, and of what only they show,
  ``(~~…~~)`` (``d2l_mark``).

Tokens in a sentence have ``meta["span"]``, their place in it; so do pictures and links
to other files. Nothing is translated here; that is ``d2l_import``'s part.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, image, link
from mdit_py_plugins.dollarmath import dollarmath_plugin

_BEGIN = re.compile(r":begin_tab:\s*`([^`]*)`\s*$")
_LINE = re.compile(r":([a-z_]+):\s*(?:`([^`]*)`)?\s*$")
_ROLE = re.compile(r":([a-z_]+):\s*`([^`]+)`")
_MARKS = {"**": ("**]", "**)"), "~~": ("~~]", "~~)")}
_LINES = ("label", "eqlabel", "width", "bibliography")


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables, formulas and D2L's own constructs."""
    result = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    # What ends a paragraph, a table or a list.
    ends = {"alt": ["paragraph", "reference", "blockquote", "list", "table"]}
    result.block.ruler.before("fence", "d2l_tab", _tab, ends)
    result.block.ruler.before("fence", "d2l_line", _line, ends)
    result.inline.ruler.before("emphasis", "d2l_mark", _mark)
    result.inline.ruler.before("link", "d2l_bracket", _bracket)
    result.inline.ruler.before("escape", "d2l_role", _role)
    result.inline.ruler.at("link", _located_link)
    result.inline.ruler.at("image", _located_image)
    return result


def _text_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _tab(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of some frameworks; without an end it reaches to the end of the text."""
    begin = _BEGIN.match(_text_of(state, start))
    if not begin or silent:
        return bool(begin)
    last = next(
        (n for n in range(start + 1, end) if _text_of(state, n).strip() == ":end_tab:"),
        end,
    )
    token = state.push("d2l_tab", "", 0)
    token.info, token.map = begin[1], [start, min(last + 1, end)]
    token.content = state.getLines(start + 1, last, 0, True)
    token.meta = {"closed": last < end}
    state.line = token.map[1]
    return True


def _line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    found = _LINE.match(_text_of(state, start))
    if not found or found[1] not in _LINES:
        return False
    if not silent:
        token = state.push("d2l_line", "", 0)
        token.info, token.content = found[1], found[2] or ""
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def _push(state: StateInline, kind: str, start: int, end: int, **meta) -> bool:
    token = state.push(kind, "", 0)
    token.meta = {"span": (start, end), **meta}
    state.pos = end
    return True


def _role(state: StateInline, silent: bool) -> bool:
    found = _ROLE.match(state.src, state.pos)
    if not found:
        return False
    if silent:
        state.pos = found.end()
        return True
    name, content = found.groups()
    return _push(state, "d2l_role", *found.span(), name=name, content=content)


def _bracket(state: StateInline, silent: bool) -> bool:
    """An opening square bracket right before a mark; the mark takes it along."""
    rest = state.src[state.pos :]
    marks = [m for m in _MARKS if rest.startswith(f"[{m}") and f"{m}]" in rest]
    if not marks:
        return False
    if silent:
        state.pos += 1
        return True
    state.pending += "["
    state.pos += 1
    return True


def _mark(state: StateInline, silent: bool) -> bool:
    """The beginning of what slides show, its end, or all of what only they show."""
    position, sign = state.pos, state.src[state.pos : state.pos + 2]
    if sign not in _MARKS or silent:
        return False
    before = state.src[position - 1 : position]
    if before in ("[", "("):
        end = _MARKS[sign]["[(".index(before)]
        close = state.src.find(end, position + 2)
        if close < 0:
            return False
        state.env.setdefault("ends", set()).add((state.src, close))
        stop = close + 3 if sign == "~~" else position + 2
        return _push(state, "d2l_mark", position - 1, stop, only_slides=sign == "~~")
    if (state.src, position) in state.env.get("ends", ()):
        return _push(state, "d2l_mark", position, position + 3, only_slides=False)
    return False


def _located_link(state: StateInline, silent: bool) -> bool:
    """CommonMark's link; one to another file gets its place, address and text."""
    start, count = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        inside = state.tokens[count:]
        target = next(t for t in inside if t.type == "link_open").attrs["href"]
        if not re.match(r"[a-z][a-z0-9+.-]*:|#", target):
            for token in inside:
                token.meta = {}  # it is part of the link's own text
            end = state.md.helpers.parseLinkLabel(state, start)
            text = state.src[start + 1 : end]
            span = start, state.pos
            inside[-1].meta = {"span": span, "target": target, "text": text}
    return True


def _located_image(state: StateInline, silent: bool) -> bool:
    """CommonMark's image, with its place."""
    start = state.pos
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].meta = {"span": (start, state.pos)}
    return True
