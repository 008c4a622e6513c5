"""The ``reference-runs`` directive: what the outputs in the book were made on.

The table is read from the notebooks themselves, so it can not say anything else than
what was recorded when they were executed.
"""

from datetime import datetime
from pathlib import Path

from babel.dates import format_date
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from . import notebooks
from .build_state import recorded_notebooks, remember, settings_of
from .config import Framework

HEADER = ("Bölüm", "Çerçeve", "Ortam değişkenleri", "Tarih", "Süre", "Python", "Makine")
NO_RUNS = "Henüz çalıştırılmış bir defter yok."


class ReferenceRuns(SphinxDirective):
    """Show one row for each executed notebook; the directive takes no options."""

    def run(self) -> list[nodes.Node]:
        """Return the table, or a sentence if no notebook was executed."""
        settings = settings_of(self.env)
        paths = recorded_notebooks(settings)
        remember(self.env, runs_of=[str(path) for path in paths])
        rows = []
        for path in paths:
            self.env.note_dependency(str(path))
            facts = notebooks.load(path).metadata.get(notebooks.MARK, {})
            if facts.get("run"):
                framework = settings.frameworks[facts["framework"]]
                rows.append(self._row(facts, framework))
        return [_table(rows) if rows else nodes.paragraph(NO_RUNS, NO_RUNS)]

    def _row(self, facts: dict, framework: Framework) -> list[nodes.Node]:
        """Return the cells of one run, in the order of ``HEADER``."""
        run = facts["run"]
        started = datetime.fromisoformat(run["started"])
        texts = (
            format_date(started, "long", locale="tr"),
            duration(run["seconds"]),
            run["python"],
            run["machine"],
        )
        return [
            self._chapter(facts["source"]),
            nodes.Text(_name_and_version(framework, run["packages"])),
            _environment(run["environment"]),
            *map(nodes.Text, texts),
        ]

    def _chapter(self, source: str) -> nodes.Node:
        """Return a link to the chapter that bears its title."""
        docname = self.env.path2doc(str(Path(self.env.srcdir, source)))
        if docname not in self.env.found_docs:
            return nodes.literal(source, source)
        link = addnodes.pending_xref(
            "",
            nodes.inline(source, source),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{docname}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
        return link


def duration(seconds: float) -> str:
    """Return a duration in Turkish, in its two largest units: ``24 dk 10 sn``."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "sa"), (minutes, "dk"), (seconds, "sn")]
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    return " ".join(f"{number} {unit}" for number, unit in parts[:2])


def _name_and_version(framework: Framework, versions: dict[str, str]) -> str:
    """Return for example ``PyTorch 2.13.0``: the version of its first package."""
    found = [versions[name] for name in framework.packages[:1] if name in versions]
    return " ".join([framework.label, *found])


def _environment(values: dict) -> nodes.Node:
    """Return the variables that were set, as one would type them."""
    given = [f"{name}={value}" for name, value in values.items() if value is not None]
    if not given:
        return nodes.Text("varsayılan")
    return nodes.line_block(
        "", *(nodes.line("", "", nodes.literal(text, text)) for text in given)
    )


def _table(rows: list[list[nodes.Node]]) -> nodes.table:
    """Return a table with ``HEADER`` above ``rows``."""
    group = nodes.tgroup(cols=len(HEADER))
    group += [nodes.colspec(colwidth=1) for _ in HEADER]
    group += nodes.thead("", _table_row([nodes.Text(text) for text in HEADER]))
    group += nodes.tbody("", *map(_table_row, rows))
    return nodes.table("", group, classes=["reference-runs", "colwidths-auto"])


def _table_row(cells: list[nodes.Node]) -> nodes.row:
    """Return a row; text must lie in a paragraph, a line block may not."""
    return nodes.row("", *(nodes.entry("", _block(cell)) for cell in cells))


def _block(node: nodes.Node) -> nodes.Element:
    """Return ``node`` as something that may stand in an entry of a table."""
    if isinstance(node, nodes.line_block):
        return node
    return nodes.paragraph("", "", node)
