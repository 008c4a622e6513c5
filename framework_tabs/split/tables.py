"""Tables that are written as lists or as comma-separated values, in Markdown."""

import csv
import io
import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

from ..messages import _
from ..source import myst
from ..source.includes import resolved
from ..source.myst import Directive
from .inclusion import IncludeError
from .place import Where

if TYPE_CHECKING:
    from .plain_markdown import Prose


def of_list(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """A ``list-table``: a list of rows, each of them a list of cells."""
    lines = found.body.split("\n")
    rows: list[list[str]] = []
    row_start = -1
    for start, end, depth in _items(prose, found.body):
        if depth == 0:
            rows.append([])
            row_start = start
        elif rows:
            text = _inside(lines[start:end], 2 if start == row_start else 1)
            rows[-1].append(_cell(prose.text(text, here, start)))
    return _table(rows, found)


def of_values(prose: "Prose", found: Directive) -> list[str]:
    """A ``csv-table``: its own lines, or those of a file."""
    text = found.body
    if "file" in found.options:
        source = prose.labels.source
        path = resolved(found.options["file"], source.folder, source.root)
        try:
            text = path.read_text(encoding=found.options.get("encoding", "utf-8-sig"))
        except (OSError, UnicodeError) as error:
            raise IncludeError(f"{path}: {error}") from None
    elif "url" in found.options:
        address = found.options["url"]
        return [f"[{address}]({address})"]
    rows = _rows(text, found)
    if "header" in found.options:
        rows = [*_rows(found.options["header"], found), *rows]
        header = str(1 + int(found.options.get("header-rows") or 0))
        found = Directive(
            **{**vars(found), "options": {**found.options, "header-rows": header}}
        )
    return _table([[_cell(prose.inline(c)) for c in row] for row in rows], found)


def _rows(text: str, found: Directive) -> list[list[str]]:
    names = {"tab": "\t", "space": " "}
    delimiter = found.options.get("delim", ",")
    reader = csv.reader(
        io.StringIO(text),
        delimiter=names.get(delimiter, delimiter),
        quotechar=found.options.get("quote", '"'),
        skipinitialspace="keepspace" not in found.options,
    )
    try:
        return [[c.replace("\n", " ") for c in row] for row in reader if row]
    except csv.Error as error:
        message = _("the table is not readable: {error}").format(error=error)
        raise IncludeError(message) from None


def _items(prose: "Prose", text: str) -> list[tuple[int, int, int]]:
    """First line, end and depth of every item of the two outer lists."""
    depth = -1
    found: list[tuple[int, int, int]] = []
    tokens: list[Token] = myst.parser(prose.labels.source.config).parse(text + "\n")
    for token in tokens:
        if token.type in ("bullet_list_open", "bullet_list_close"):
            depth += token.nesting
        elif token.type == "list_item_open" and depth in (0, 1):
            start, end = myst.lines_of(token)
            found.append((start, end, depth))
    return found


def _inside(lines: list[str], marks: int) -> str:
    """The text of a list's item behind so many marks, without its indent."""
    found = re.match(rf"\s*(?:[-*+](?:\s+|$)){{{marks}}}", lines[0])
    width = found.end() if found else 0
    rest = [line.lstrip() if line[:width].strip() else line[width:] for line in lines]
    return "\n".join([lines[0][width:], *rest[1:]]).strip("\n")


def _cell(text: str) -> str:
    """A text in one line, with the bars that Markdown would take for a table's."""
    lines = [line for line in text.split("\n") if line.strip()]
    return "<br>".join(lines).replace("\\|", "|").replace("|", "\\|")


def _table(rows: list[list[str]], found: Directive) -> list[str]:
    """Rows as Markdown, whose tables have exactly one row of headings."""
    width = max(map(len, rows), default=0)
    if not width:
        return []
    rows = [row + [""] * (width - len(row)) for row in rows]
    stubs = int(found.options.get("stub-columns") or 0)
    heads = int(found.options.get("header-rows") or 0)
    head = rows[0] if heads else [""] * width
    bold = [
        [f"**{c}**" if c and (n < stubs or place < heads) else c for n, c in each]
        for place, each in enumerate(map(list, map(enumerate, rows)))
    ]
    body = bold[1:] if heads else bold
    lines = [head, ["---"] * width, *body]
    return ["| " + " | ".join(line) + " |" for line in lines]
