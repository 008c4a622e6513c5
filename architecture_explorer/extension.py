"""Wires the explorer into Sphinx: the directive, its node, and what the page loads."""

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from . import markup
from .network import NETWORKS, Layer, costs, measure

STATIC = Path(__file__).parent / "static"


class Explorer(nodes.General, nodes.Element):
    """The explorer; its child is a table, for formats other than HTML."""


class ArchitectureExplorer(SphinxDirective):
    """Show the networks of ``networks.json``, to begin with the first of them."""

    def run(self) -> list[nodes.Node]:
        """Return the explorer."""
        number = self.env.new_serialno("architecture-explorer")
        explorer = Explorer("", _table(), prefix=f"explorer-{number}")
        self.set_source_info(explorer)
        return [explorer]


def _table() -> nodes.table:
    """Return the layers of the first network as a plain table."""
    network = next(iter(NETWORKS.values()))
    layers, batch = measure(network), network["layers"][0]["batch"]
    header = ["Katman", "Çıktı", *markup.MEASURES.values()]
    rows = [
        [layer.name, markup.shape(layer), *_costs([layer], batch)]
        for layer in layers[1:]
    ]
    rows.append(["Toplam", "", *_costs(layers, batch)])
    group = nodes.tgroup("", *(nodes.colspec(colwidth=16) for _ in header))
    group["cols"] = len(header)
    group += nodes.thead("", _row(header))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group)


def _costs(layers: list[Layer], batch: int) -> list[str]:
    measured = costs(layers, batch)
    return [markup.written(measured, name) for name in markup.MEASURES]


def _row(texts: Iterable[str]) -> nodes.row:
    entries = (nodes.entry("", nodes.paragraph("", text)) for text in texts)
    return nodes.row("", *entries)


def visit_in_html(translator, node: Explorer) -> None:
    """Write the explorer in place of the table, which paper and e-readers show.

    Their pages have neither its scripts nor its style sheet.
    """
    if translator.builder.embedded:
        return
    translator.body.append(markup.explorer(node["prefix"]))
    raise nodes.SkipNode


def pass_through(translator, node: Explorer) -> None:
    """Let a format without scripts write the table."""


def add_static_path(app: Sphinx) -> None:
    """Let Sphinx copy the style sheet and the scripts."""
    app.config.html_static_path.append(str(STATIC))


def add_assets(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Load the style sheet and the scripts on a page that has an explorer."""
    if doctree is None or doctree.next_node(Explorer) is None:
        return
    app.add_css_file("architecture_explorer.css")
    for script in ("architecture_network.js", "architecture_explorer.js"):
        app.add_js_file(script, loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, the node and the assets."""
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_through,) * 2)
    app.add_node(Explorer, html=(visit_in_html, pass_through), **others)
    app.add_directive("architecture-explorer", ArchitectureExplorer)
    app.connect("builder-inited", add_static_path)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
