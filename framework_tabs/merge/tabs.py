"""Groups what a page shows for one framework alone into tabs.

That is the rendered cells of different frameworks, whatever their kind, and the tabs
that a chapter writes with sphinx-design's directives. Which cells are whose is decided
in ``merged_page``; how tabs become HTML is told in ``nodes``.
"""

from itertools import groupby

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from .._compat import is_component
from ..config import SYNC_GROUP, Framework
from ..messages import _
from ..store.record import MARK
from . import figures
from .nodes import FrameworkPart, Tab, TabName, TabSet
from .page_facts import settings_of

PROSE = "framework-prose"
"""The directive in which ``merged_page`` writes the Markdown of one framework."""


class Prose(SphinxDirective):
    """Marks Markdown of the framework that is its argument."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the content, marked."""
        part = FrameworkPart(framework=self.arguments[0])
        self.set_source_info(part)
        self.state.nested_parse(self.content, self.content_offset, part)
        return [part]


class FrameworkTabs(SphinxTransform):
    """Replaces neighbours that are of one framework each by one set of tabs."""

    # Any time after parsing; before Sphinx numbers figures (210), which needs order.
    default_priority = 200

    def apply(self, **kwargs) -> None:
        """Replace the groups, parent by parent, and then the chapter's own tab sets."""
        frameworks = settings_of(self.env).frameworks
        parents = {id(n.parent): n.parent for n in self.document.findall(_is_own)}
        for parent in parents.values():
            children: list[nodes.Node] = []
            for group, found in groupby(parent.children, key=_group):
                members = list(found)
                children += (
                    members if group is None else self._tabs(members, frameworks)
                )
            # Through the slice docutils gives every child its parent.
            parent[:] = children
        for written in list(self.document.findall(_is_written_tab_set)):
            self._replace(written)

    def _tabs(self, parts: list, frameworks: dict[str, Framework]) -> list[nodes.Node]:
        """Return a tab set for neighbours; nothing if none shows anything."""
        if not any(part.children for part in parts):
            return []
        owners = {
            key: own
            for key in frameworks
            if (own := [p for p in parts if _mark(p)["framework"] == key])
        }
        if "outputs_of" in _mark(parts[0]):
            figures.join(self.document, owners)
        items = [
            tab_item(frameworks[key], self._shown(own), parts[0])
            for key, own in owners.items()
        ]
        return [tab_set(items, parts[0])]

    def _shown(self, parts: list) -> list[nodes.Node]:
        """Return what shows something, or a note if nothing does."""
        shown = [node for part in parts if part.children for node in _content(part)]
        return shown or [_no_output(_("No output in this framework."))]

    def _replace(self, written: nodes.Element) -> None:
        """Replace a tab set of sphinx-design's, to whose parts labels may lead."""
        tabs = TabSet("", ids=written["ids"], names=written["names"])
        for item in written.children:
            label, content = item.children
            tab = Tab("", TabName("", "", *label.children), *content.children)
            tab["framework"] = label["sync_id"]
            for node in (item, label, content):
                tab["ids"] += node["ids"]
                tab["names"] += node["names"]
            tabs += tab
        for node in (tabs, *tabs.children):
            node.source, node.line = written.source, written.line
            self.document.ids.update(dict.fromkeys(node["ids"], node))
        written.parent.replace(written, tabs)  # without sphinx-design's classes


def _mark(node: nodes.Node) -> dict:
    """Return what is known of a part of a page: its framework, and what it shows."""
    if isinstance(node, FrameworkPart):
        return node.attributes
    if isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
        return node["cell_metadata"].get(MARK, {})
    return {}


def _content(part: nodes.Element) -> list[nodes.Node]:
    """Return what of a part comes into the tab: of a code cell all of it."""
    if _mark(part).get("kind") == "raw":
        return [node for output in part.children for node in output.children]
    return part.children if isinstance(part, FrameworkPart) else [part]


def _is_own(node: nodes.Node) -> bool:
    """Say whether ``node`` is of one framework."""
    return "framework" in _mark(node)


def _group(node: nodes.Node):
    """Return a key that neighbours share if one tab set holds them, or None."""
    return ("outputs of", _mark(node).get("outputs_of")) if _is_own(node) else None


def _is_written_tab_set(node: nodes.Node) -> bool:
    return is_component(node, "tab-set") and all(
        is_component(item, "tab-item") and item[0].get("sync_group") == SYNC_GROUP
        for item in node.children
    )


def tab_set(tabs: list[Tab], place: nodes.Node) -> TabSet:
    """Return a tab set for the frameworks' ``tabs``, at the source of ``place``."""
    result = TabSet("", *tabs)
    result.source, result.line = place.source, place.line
    return result


def tab_item(framework: Framework, content: list[nodes.Node], place: nodes.Node) -> Tab:
    """Return the tab of one framework; ``place`` is the source of the tab set."""
    name = TabName(framework.label, framework.label)
    tab = Tab("", name, *content, framework=framework.key)
    tab.source, tab.line = place.source, place.line
    return tab


def _no_output(text: str) -> nodes.paragraph:
    """Return the note that stands where other frameworks have an output."""
    return nodes.paragraph(text, text, classes=["framework-tabs-empty"])
