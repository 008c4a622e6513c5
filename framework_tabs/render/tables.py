"""Tables as docutils nodes, for the directives that make a page's tables from data."""

from collections.abc import Iterable
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

WIDTH = 20
"""Letters in a column, for the writer of plain text; others measure what is in it."""


@dataclass(frozen=True)
class Cell:
    """Text that takes up more than one column."""

    text: str
    columns: int = 1


Content = str | nodes.Node | Cell


def table(
    header: list[Content], rows: Iterable[Iterable[Content]], classes: list[str]
) -> nodes.table:
    """Return a table; without a ``header`` the first column heads its rows."""
    rows = [list(row) for row in rows]
    width = len(header) or max(map(len, rows))
    group = nodes.tgroup(cols=width)
    group += [nodes.colspec(colwidth=WIDTH) for _ in range(width)]
    if header:
        group += nodes.thead("", _row(header))
    else:
        group[0]["stub"] = 1
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=[*classes, "colwidths-auto"])


def _row(cells: list[Content]) -> nodes.row:
    return nodes.row("", *map(_entry, cells))


def _entry(content: Content) -> nodes.entry:
    """Return an entry; text must lie in a paragraph."""
    cell = content if isinstance(content, Cell) else Cell(content)
    node = nodes.Text(cell.text) if isinstance(cell.text, str) else cell.text
    entry = nodes.entry("", nodes.paragraph("", "", node))
    if cell.columns > 1:
        entry["morecols"] = cell.columns - 1
    return entry


def page_link(env: BuildEnvironment, docname: str) -> nodes.Node:
    """Return a link to a page of the book that will bear its title."""
    return addnodes.pending_xref(
        "",
        nodes.inline(docname, docname),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refdoc=env.docname,
        refexplicit=False,
        refwarn=True,
    )
