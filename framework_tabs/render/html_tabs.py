"""Writes the tabs of the frameworks as HTML: one named panel for each framework.

Without a script all panels stand one below the other, each under its framework's name,
as on paper and in an e-book. ``static/framework_tabs.js`` makes tabs, or columns, of
them. Tab sets that choose something else are left to sphinx-design.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_design.shared import is_component

from ..config import SYNC_GROUP


class PanelSet(nodes.General, nodes.Element):
    """The panels of one tab set."""


class Panel(nodes.General, nodes.Element):
    """What one framework shows; its attribute ``framework`` is the framework's key."""


class PanelName(nodes.General, nodes.TextElement):
    """The framework's name above its panel."""


class Panels(SphinxPostTransform):
    """Replaces the tab sets of the frameworks by panels."""

    # After figures have found their tab set (190) and paper has unfolded it (195);
    # before sphinx-design's turn (200).
    default_priority = 196
    formats = ("html",)

    def run(self, **kwargs) -> None:
        """Replace them all; what stands in a panel may be a tab set again."""
        for tab_set in list(self.document.findall(_is_framework_tab_set)):
            panels = PanelSet("", ids=tab_set["ids"], names=tab_set["names"])
            panels += [_panel(item) for item in tab_set.children]
            tab_set.parent.replace(tab_set, panels)  # without sphinx-design's classes


def _is_framework_tab_set(node: nodes.Node) -> bool:
    return is_component(node, "tab-set") and all(
        is_component(item, "tab-item") and item[0].get("sync_group") == SYNC_GROUP
        for item in node.children
    )


def _panel(item: nodes.Element) -> Panel:
    """Return the panel of a tab item: its label and its content."""
    label, content = item.children
    name = PanelName("", "", *label.children)
    ids = item["ids"] + label["ids"] + content["ids"]
    return Panel("", name, *content.children, framework=label["sync_id"], ids=ids)


def setup(app: Sphinx) -> None:
    """Register the nodes, which exist in HTML alone, and the transform."""
    app.add_post_transform(Panels)
    app.add_node(PanelSet, html=(_begin_set, _end))
    app.add_node(Panel, html=(_begin_panel, _end))
    app.add_node(PanelName, html=(_begin_name, _end_name))


def _begin_set(translator, node: PanelSet) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="framework-tabs"))


def _begin_panel(translator, node: Panel) -> None:
    own = {"CLASS": "framework-panel", "data-framework": node["framework"]}
    translator.body.append(translator.starttag(node, "div", **own))


def _begin_name(translator, node: PanelName) -> None:
    translator.body.append(translator.starttag(node, "p", "", CLASS="framework-name"))


def _end(translator, node: nodes.Element) -> None:
    translator.body.append("</div>\n")


def _end_name(translator, node: PanelName) -> None:
    translator.body.append("</p>\n")
