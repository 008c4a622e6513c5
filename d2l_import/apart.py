"""D2L's Markdown with every block on lines of its own, and no marks for slides.

D2L's own tool reads what CommonMark does not: a formula between two dollar signs in the
middle of a sentence or right below a line, its label behind it, a picture right below a
sentence. Marks of what slides show may enclose blocks. Here all of that is set apart,
line by line, before anything is parsed; each new line knows the line that it is from.

What slides show stays in a comment above its block: ``% slide: …``, and
``% slide only: …`` for what is on no page. What MyST would take for something else is
escaped: a line that begins with ``%``, a dollar sign that is money.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIECES = re.compile(
    r"""
    (?P<fence> ^[ \t>]*(?P<ticks>`{3,}|~{3,})[^`\n]*\n
               (?:.*?\n)??[ \t>]*(?P=ticks)[`~]*[ \t]*$ )
  | (?P<heading> ^\#{1,6}[ ] )
  | (?P<comment> ^%[ ]slide.*?$ | <!--.*?--> )
  | (?P<percent> ^[ \t]*(?=%) )
  | (?P<code> (?<!`)(?P<tick>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=tick)(?!`) )
  | (?P<escaped> \\. )
  | (?P<display> \$\$(?P<formula>(?:(?!\$\$|\n\#|\n[ \t]*```).)+?)\$\$
                 (?P<label>[ \t]*(?:\n[ \t]*)?:(?:eqlabel|label):[ \t]*`[^`\n]*`)? )
  | (?P<inline> \$(?![\s$])(?:\\(?:text|textrm|mbox)\{[^{}]*\}
                 | \\. | (?!\n[ \t]*\n)[^$\\])+?(?<!\s)\$(?!\d) )
  | (?P<money> \$(?=\d) )
  | (?P<open> [\[(](?P<sign>\*\*|~~) )
  | (?P<close> (?:\*\*|~~)[\])] )
    """,
    re.X | re.S | re.M,
)
_PICTURE = re.compile(
    r"^(?P<picture>[ \t>]*!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^()\s]*\))"
    r"[ \t]*(?P<label>\n?[ \t]*:(?:label|width):)",
    re.M,
)
_MARKER = re.compile(r"[ \t>]*(?:(?:[*+-]|\d+[.)])[ \t]+)+")
_CONTAINER = re.compile(r"[ \t>]*(?:(?:[*+-]|\d+[.)])[ \t]+)*")


@dataclass(frozen=True)
class Text:
    """Lines, and for each the line that it had in D2L's text."""

    lines: list[str]
    numbers: list[int]

    @classmethod
    def of(cls, text: str) -> "Text":
        """Number the lines of a whole text from 1."""
        lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
        return cls(lines, list(range(1, len(lines) + 1)))

    def part(self, start: int, end: int) -> "Text":
        """Return the lines from ``start`` up to ``end``, counted from 0."""
        return Text(self.lines[start:end], self.numbers[start:end])


BLOT = "\0"
"""What stands for a sign of a formula where only words matter."""

Edit = tuple[int, int, str]
"""What stands from one place up to another, and what is to stand there."""


def apart(text: Text) -> Text:
    """Return the text without marks of slides, its blocks on lines of their own."""
    text = _without_tabs(text)
    for find in (_marks, _displays, _pictures):
        text = _edited(text, find("\n".join(text.lines)))
    return text


def _edited(text: Text, edits: list[Edit]) -> Text:
    """Return the text with changes that do not overlap."""
    whole, parts, numbers = "\n".join(text.lines), [], text.numbers[:1]
    place, row = 0, 0

    def copy(end: int) -> None:
        nonlocal place, row
        piece = whole[place:end]
        parts.append(piece)
        for _ in range(piece.count("\n")):
            row += 1
            numbers.append(text.numbers[row])
        place = end

    for start, end, new in sorted(edits):
        copy(start)
        parts.append(new)
        old = whole[start:end].count("\n")
        for n in range(new.count("\n")):
            numbers.append(text.numbers[row + min(n, old)])
        row, place = row + old, end
    copy(len(whole))
    return Text("".join(parts).split("\n"), numbers) if text.lines else text


def _without_tabs(text: Text) -> Text:
    """Turn tabs into spaces, but not those in code, where they may mean something."""
    whole = "\n".join(text.lines)
    fences = [m.span() for m in _PIECES.finditer(whole) if m["fence"]]
    edits = [
        (m.start(), m.end(), "    ")
        for m in re.finditer("\t", whole)
        if not any(start <= m.start() < end for start, end in fences)
    ]
    return _edited(text, edits) if edits else text


# Marks


def _marks(text: str) -> list[Edit]:
    """What to change so that no mark is left; a comment says what slides show."""
    edits: list[Edit] = []
    opened: list[re.Match[str]] = []
    shown: list[tuple[int, str]] = []
    for piece in _PIECES.finditer(text):
        if piece["fence"] or piece["heading"]:
            opened = []  # no mark reaches over a cell or into the next section
        elif piece["percent"] is not None:
            edits.append((piece.end(), piece.end(), "\\"))
        elif piece["money"]:
            edits.append((*piece.span(), "\\$"))
        elif piece["inline"] and "$" in piece[0][1:-1]:
            edits.append((*piece.span(), f"{{math}}`{piece[0][1:-1]}`"))
        elif piece["open"]:
            opened.append(piece)
        elif piece["close"] and opened and _belongs(opened[-1], piece, text):
            begin = opened.pop()
            edits += _unmarked(begin, piece)
            shown.append((begin.start(), _comment(begin, piece, text)))
    return [*edits, *_comments(text, shown)]


def _belongs(begin: re.Match, end: re.Match, text: str) -> bool:
    """Say whether an end is that of a mark, and not of a link in bold."""
    is_pair = begin[0][0] + end[0][-1] in ("[]", "()") and begin["sign"] == end[0][:2]
    is_link = end[0][-1] == "]" and re.match(r"\([^()\s]*\)", text[end.end() :])
    return is_pair and not is_link


def _unmarked(begin: re.Match, end: re.Match) -> list[Edit]:
    if begin["sign"] == "~~":
        return [(begin.start(), end.end(), "")]
    return [(*begin.span(), ""), (*end.span(), "")]


def _comment(begin: re.Match, end: re.Match, text: str) -> str:
    only = " only" if begin["sign"] == "~~" else ""
    inside = " ".join(text[begin.end() : end.start()].split())
    return f"% slide{only}: {inside}\n\n"


def _comments(text: str, shown: list[tuple[int, str]]) -> Iterator[Edit]:
    """Yield the comments, those of one block together above it."""
    places: dict[int, str] = {}
    for place, comment in shown:
        start = _block_start(text, place)
        places[start] = places.get(start, "") + comment
    for start, comments in places.items():
        yield start, start, comments


def _block_start(text: str, place: int) -> int:
    """Return where the paragraph or the list begins that ``place`` is in."""
    start = text.rfind("\n", 0, place) + 1
    while start:
        above = _line_above(text, start)
        if re.match(r"\s*(?:```|~~~|:(?:begin|end)_tab:)", above):
            break
        line = _rest_of_line(text, start)
        if not above.strip() and line.strip() and not _goes_on(line):
            break
        start -= len(above) + 1
    return start


def _goes_on(line: str) -> bool:
    """Say whether a list may go on with a line behind a blank one."""
    return bool(_MARKER.match(line) or line.startswith("  "))


# Formulas and pictures


def _displays(text: str) -> list[Edit]:
    """What to change so that each formula between two dollar signs is a block."""
    # A line of a formula may begin as an item of a list does.
    words = _PIECES.sub(
        lambda m: re.sub(r"[^\n]", BLOT, m[0]) if m["display"] else m[0], text
    )
    edits: list[Edit] = []
    for piece in _PIECES.finditer(text):
        if piece["display"] and not _is_block(piece, text):
            edits += _set_apart(piece, text, words)
    return edits


def _line_above(text: str, start: int) -> str:
    """Return the line above the one that begins at ``start``."""
    return text[: max(start - 1, 0)].rpartition("\n")[2]


def _rest_of_line(text: str, place: int) -> str:
    return text[place:].partition("\n")[0]


def _is_block(piece: re.Match, text: str) -> bool:
    """Say whether nothing but a label stands beside a formula, and a blank above."""
    start = text.rfind("\n", 0, piece.start()) + 1
    before, above = text[start : piece.start()], _line_above(text, start).strip()
    is_free = not above or above.startswith((":", "```", "~~~", "%"))
    return (
        not _rest_of_line(
            text, piece.end("display") - len(piece["label"] or "")
        ).strip()
        and _CONTAINER.fullmatch(before) is not None
        and (is_free or _MARKER.fullmatch(before) is not None)
    )


def _set_apart(piece: re.Match, text: str, words: str) -> Iterator[Edit]:
    """Yield what sets a formula on lines of its own, within its item of a list.

    ``words`` is the text with all formulas blotted out.
    """
    start = text.rfind("\n", 0, piece.start()) + 1
    before = text[start : piece.start()]
    container = _CONTAINER.match(before)[0]
    margin, is_lazy = _margin(words, start, container)
    gap, is_alone = margin.rstrip(), before == container
    if is_alone and _MARKER.fullmatch(container):
        begin, head = piece.start(), ""
    elif is_alone:
        begin, head = start, f"{gap}\n{margin}"
    else:
        begin, head = start + len(before.rstrip()), f"\n{gap}\n{margin}"
    end = piece.end()
    sign = re.match(r"[ \t]*([.,;:!?]+)(?=\s|$)", _rest_of_line(text, end))
    end += sign.end() if sign else 0
    formula = piece["formula"].strip() + (sign[1] if sign else "")
    new = f"$${formula}$$".replace("\n", f"\n{margin}")
    if piece["label"]:
        new += f"\n{margin}{piece['label'].strip()}"
    rest = _rest_of_line(text, end)
    if behind := rest.lstrip():
        new += f"\n{gap}\n{margin}"
    yield begin, end + len(rest) - len(behind), head + new
    if is_lazy:
        yield from _indented(words, end + len(rest) + 1, margin)


def _margin(text: str, start: int, container: str) -> tuple[str, bool]:
    """Return what stands before a block here, and whether D2L's lines lack it."""
    if _MARKER.fullmatch(container):
        return _blank(container), True
    for line in reversed(text[: max(start - 1, 0)].split("\n")):
        if not line.strip():
            break
        if marker := _MARKER.match(line):
            margin = _blank(marker[0])
            return max(margin, container, key=len), len(container) < len(margin)
    return container, False


def _blank(marker: str) -> str:
    """Return what stands below a marker of a list on the lines that follow."""
    return re.sub(r"[^>\s]", " ", marker)


def _indented(text: str, start: int, margin: str) -> Iterator[Edit]:
    """Yield what keeps the lines that follow in the item of a list."""
    while start < len(text):
        line = _rest_of_line(text, start)
        is_end = not line.strip() or line.startswith(("#", "```", ":")) or BLOT in line
        if is_end or _MARKER.match(line):
            return
        yield start, start + len(line) - len(line.lstrip()), margin
        start += len(line) + 1


def _pictures(text: str) -> list[Edit]:
    """What to change so that a picture with a label is a block."""
    fences = [m.span() for m in _PIECES.finditer(text) if m["fence"]]
    edits = []
    for found in _PICTURE.finditer(text):
        place = found.start()
        if any(start <= place < end for start, end in fences):
            continue
        if _line_above(text, place).strip():
            edits.append((place, place, "\n"))
        if not found["label"].startswith("\n"):
            edits.append((found.start("label"), found.start("label"), "\n"))
    return edits
