"""Groups the rendered cells of different frameworks into sphinx-design's tabs.

Which cells belong together is decided in ``page``; how the tabs of cells and those that
a chapter writes with sphinx-design's directives become HTML is decided in ``panels``.
"""

from itertools import groupby

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx_design.shared import create_component

from ..config import SYNC_GROUP, Framework
from ..messages import _
from ..store.record import MARK
from . import figures
from .page_facts import settings_of


class FrameworkTabs(SphinxTransform):
    """Replaces neighbouring cells of frameworks by one tab set.

    This is the tree that sphinx-design's own directives build::

        <container design_component="tab-set">
            <container design_component="tab-item">
                <rubric sync_group="framework" sync_id="pytorch">
                    PyTorch
                <container design_component="tab-content">
                    <container nb_element="cell_code">
            ...
    """

    # Any time after parsing; before Sphinx numbers figures (210), which needs order.
    default_priority = 200

    def apply(self, **kwargs) -> None:
        """Replace the groups, parent by parent."""
        frameworks = settings_of(self.env).frameworks
        parents = {id(n.parent): n.parent for n in self.document.findall(_is_own)}
        for parent in parents.values():
            children = []
            for group, members in groupby(parent.children, key=_group):
                members = list(members)
                children += (
                    members if group is None else self._tabs(members, frameworks)
                )
            # Through the slice docutils gives every child its parent.
            parent[:] = children

    def _tabs(self, cells: list, frameworks: dict[str, Framework]) -> list[nodes.Node]:
        """Return a tab set for neighbouring cells; nothing if none shows anything."""
        if not any(cell.children for cell in cells):
            return []
        owners = {
            key: own
            for key in frameworks
            if (own := [c for c in cells if _mark(c)["framework"] == key])
        }
        if "outputs_of" in _mark(cells[0]):
            figures.join(self.document, owners)
        items = [
            tab_item(frameworks[key], self._shown(own), cells[0])
            for key, own in owners.items()
        ]
        return [tab_set(items, cells[0])]

    def _shown(self, cells: list) -> list[nodes.Node]:
        """Return the cells that show something, or a note if none does."""
        shown = [cell for cell in cells if cell.children]
        return shown or [_no_output(_("No output in this framework."))]


def _mark(node: nodes.Node) -> dict:
    """Return what ``page`` wrote about the cell that ``node`` shows."""
    if isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
        return node["cell_metadata"].get(MARK, {})
    return {}


def _is_own(node: nodes.Node) -> bool:
    """Say whether ``node`` shows a cell of one framework."""
    return "framework" in _mark(node)


def _group(node: nodes.Node):
    """Return a key that neighbours share if one tab set holds them, or None."""
    return ("outputs of", _mark(node).get("outputs_of")) if _is_own(node) else None


def tab_set(items: list[nodes.container], place: nodes.Node) -> nodes.container:
    """Return a tab set for the frameworks' ``items``, at the source of ``place``."""
    result = create_component(
        "tab-set", classes=["sd-tab-set", "framework-tabs"], children=items
    )
    result.source, result.line = place.source, place.line
    return result


def tab_item(
    framework: Framework, content: list[nodes.Node], place: nodes.Node
) -> nodes.container:
    """Return the tab of one framework; ``place`` is the source of the tab set."""
    label = nodes.rubric(
        framework.label,
        framework.label,
        classes=["sd-tab-label"],
        sync_group=SYNC_GROUP,
        sync_id=framework.key,
    )
    box = create_component("tab-content", classes=["sd-tab-content"], children=content)
    item = create_component("tab-item", classes=["sd-tab-item"], children=[label, box])
    item.source, item.line = place.source, place.line
    return item


def _no_output(text: str) -> nodes.paragraph:
    """Return the note that stands where other frameworks have an output."""
    return nodes.paragraph(text, text, classes=["framework-tabs-empty"])
