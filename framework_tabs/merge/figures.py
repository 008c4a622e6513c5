"""Numbers figures of a common cell once, however many frameworks drew them.

A common cell has one figure for each framework, of which a reader sees one. They are
one figure to the text: they share a number, and a reference leads to their tabs.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .nodes import TabSet


class Alternative(nodes.figure):
    """What another framework shows in place of a figure.

    Sphinx numbers figures by their class, and so leaves this one out.
    """


def join(document: nodes.document, cells: dict[str, list[nodes.Node]]) -> None:
    """Make the frameworks' figures, first with first and so on, one figure each.

    ``cells`` are the rendered cells of each framework. The first framework's figures
    stay what they are.
    """
    figures = [
        [(key, figure) for cell in own for figure in cell.findall(nodes.figure)]
        for key, own in cells.items()
    ]
    for (framework, first), *others in zip(*figures, strict=False):
        if not others:
            continue
        if not first["ids"]:
            document.note_implicit_target(first)
        first["framework"] = framework
        for key, other in others:
            alternative = Alternative("", *other.children, **other.attributes)
            alternative["framework"] = key
            alternative["alternative_to"] = first["ids"][0]
            other.replace_self(alternative)


class ShareNumbers(SphinxPostTransform):
    """Gives alternatives the number of their figure, and the tabs its anchor."""

    default_priority = 190  # before paper chooses among the tabs
    formats = ("html",)

    def run(self, **kwargs) -> None:
        """Replace the alternatives of the page by figures."""
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get("figure", {})
        for alternative in list(self.document.findall(Alternative)):
            name = alternative["alternative_to"]
            figure = nodes.figure("", *alternative.children, **alternative.attributes)
            alternative.replace_self(figure)
            tab_set = _tab_set(figure)
            if name not in tab_set["ids"]:
                first = next(
                    f for f in tab_set.findall(nodes.figure) if name in f["ids"]
                )
                first["ids"].remove(name)
                tab_set["ids"].append(name)
                _rename(first, name, numbers)
            _rename(figure, name, numbers)


def _rename(figure: nodes.figure, name: str, numbers: dict) -> None:
    """Name one framework's figure, for the number, after the one for all."""
    own = f"{name}-{figure['framework']}"
    figure["ids"].insert(0, own)
    if name in numbers:
        numbers[own] = numbers[name]


def _tab_set(node: nodes.Node) -> TabSet:
    while not isinstance(node, TabSet):
        node = node.parent
    return node
