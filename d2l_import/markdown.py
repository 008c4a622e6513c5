"""The Markdown of *Dive into Deep Learning* as tokens: what it adds to CommonMark.

* ``:begin_tab:`pytorch` `` … ``:end_tab:``: a block for some frameworks (``d2l_tab``);
* lines of their own below a heading, an image, a table or a formula: ``:label:``,
  ``:eqlabel:``, ``:width:``, ``:bibliography:`` (``d2l_line``);
* roles in a sentence, such as ``:numref:``, ``:eqref:`` and ``:cite:`` (``d2l_role``);
* the comments that ``apart`` leaves of marks for slides (``d2l_comment``).

Tokens in a sentence have ``meta["span"]``, their place in it; so do pictures and links
to other files. Nothing is translated here; that is ``section``'s part. What comes here
has been through ``apart``.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, image, link
from mdit_py_plugins.dollarmath import dollarmath_plugin

_BEGIN = re.compile(r":begin_tab:\s*`([^`]*)`\s*$")
_LINE = re.compile(r":([a-z_]+):\s*(?:`([^`]*)`)?\s*$")
_ROLE = re.compile(r":([a-z_]+):\s*(`+)([^`]+)\2(?!`)")
_REFERENCE = re.compile(
    r":(numref|eqref|ref|cite[tp]?|label|eqlabel):\s*(`+)([^\s`,]+(?:,\s*[^\s`,]+)*)(`*)"
)
"""A role whose content is a list of names, perhaps without an end."""
_COMMENT = re.compile(r"% slide(?: only)?: ")
_LINES = ("label", "eqlabel", "width", "bibliography")


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables, formulas and D2L's own constructs."""
    result = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    result.block.ruler.before("fence", "d2l_comment", _comment, {"alt": ["paragraph"]})
    # What ends a paragraph, a table or a list.
    ends = {"alt": ["paragraph", "reference", "blockquote", "list", "table"]}
    result.block.ruler.before("fence", "d2l_tab", _tab, ends)
    result.block.ruler.before("fence", "d2l_line", _line, ends)
    result.inline.ruler.before("escape", "d2l_role", _role)
    result.inline.ruler.at("link", _located_link)
    result.inline.ruler.at("image", _located_image)
    return result


def _text_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _tab(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of some frameworks; without an end it reaches to the next one."""
    begin = _BEGIN.match(_text_of(state, start))
    if not begin or silent:
        return bool(begin)
    last, is_closed = start + 1, False
    while last < end and not is_closed:
        line = _text_of(state, last).strip()
        if _BEGIN.match(line):
            break
        is_closed = line == ":end_tab:"
        last += 1
    token = state.push("d2l_tab", "", 0)
    token.info, token.map = begin[1], [start, last]
    token.meta = {"closed": is_closed}
    state.line = last
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


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that is on no page, whatever is in it."""
    if not _COMMENT.match(_text_of(state, start)):
        return False
    if not silent:
        token = state.push("d2l_comment", "", 0)
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def _push(state: StateInline, kind: str, start: int, end: int, **meta) -> bool:
    token = state.push(kind, "", 0)
    token.meta = {"span": (start, end), **meta}
    state.pos = end
    return True


def _role(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos)
    name, content, is_closed = "", "", True
    if found:
        name, ticks, content, end = found.groups()
        is_closed = ticks == end
    else:
        found = _ROLE.match(state.src, state.pos)
        if not found:
            return False
        name, _ticks, content = found.groups()
    if silent:
        state.pos = found.end()
        return True
    place = found.span()
    meta = {"name": name, "content": content, "is_closed": is_closed}
    return _push(state, "d2l_role", *place, **meta)


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
