"""Lays a page open for media on which nothing can be clicked: paper and e-readers.

What a browser shows one at a time or on demand stands there one under the other: the
frameworks of a tab set, each below its name; answers; folded cells. An edition may show
only some frameworks (``framework_tabs_shown``); alone, a framework needs no name.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge
from sphinx.transforms.post_transforms import SphinxPostTransform

from .._compat import is_component
from ..config import Framework
from ..merge.nodes import Choice, TabSet
from ..merge.page_facts import BUILDERS, settings_of
from ..messages import _
from ..render import answers

CODE_STYLE = "a11y-high-contrast-light"
"""Colours that differ on a black and white printer, too."""


def shown_frameworks(app: Sphinx) -> dict[str, Framework]:
    """Return the frameworks of the edition at hand, in the order of the tabs."""
    frameworks = settings_of(app).frameworks
    chosen = app.config.framework_tabs_shown or list(frameworks)
    return {key: each for key, each in frameworks.items() if key in chosen}


def code_colours() -> PygmentsBridge:
    """Return what colours code for these media."""
    return PygmentsBridge("html", CODE_STYLE)


def edition_name(app: Sphinx) -> str:
    """Return the name of the edition's file: alexnet, or alexnet-pytorch."""
    shown, frameworks = shown_frameworks(app), settings_of(app).frameworks
    chosen = [] if len(shown) == len(frameworks) else list(shown)
    return "-".join([app.config.epub_basename, *chosen])


def drop_scripts(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove what Jupyter Book adds for the browser: the configuration of thebe."""
    if app.builder.name in BUILDERS:
        for raw in list(doctree.findall(nodes.raw)):
            if raw.astext().lstrip().startswith("<script"):
                raw.parent.remove(raw)


class Unfold(SphinxPostTransform):
    """Leaves the frameworks of the edition, and opens what a browser opens."""

    # After figures share their numbers (190), before sphinx-design and myst-nb make
    # what a browser opens and closes (199).
    default_priority = 195
    builders = BUILDERS

    def run(self, **kwargs) -> None:
        """Unfold everything on the page, from the outside in."""
        shown = shown_frameworks(self.app)
        for node in list(self.document.findall(_is_of_frameworks)):
            _choose(node, shown)
        for node in list(self.document.findall(nodes.container)):
            node.attributes.pop("hide_mode", None)
            if is_component(node, "tab-set"):
                node.replace_self(_stack(node))
            elif is_component(node, "dropdown"):
                node.parent.replace(node, _opened(node))


def _is_of_frameworks(node: nodes.Node) -> bool:
    return isinstance(node, TabSet | Choice)


def _choose(node: TabSet | Choice, shown: dict[str, Framework]) -> None:
    """Leave what is of the frameworks to show; of one alone, without its name."""
    node.children = [each for each in node.children if each["framework"] in shown]
    if len(shown) == 1 and isinstance(node, TabSet):
        for tab in node.children:
            tab.remove(tab.name)
    elif len(shown) == 1:
        node.replace_self([each for one in node.children for each in one.children])


def _stack(tab_set: nodes.container) -> nodes.container:
    """Return tabs that have to do with no framework one under the other."""
    stack = nodes.container(classes=["tabs"], ids=tab_set["ids"])
    for child in tab_set.children:
        if is_component(child, "tab-item"):
            label, content = child.children
            stack += nodes.rubric("", *label.children, classes=["tab-name"])
            stack += content.children
        else:
            stack += child
    return stack


def _opened(dropdown: nodes.container) -> nodes.container:
    """Return the content of a dropdown below its title."""
    box = nodes.container(classes=dropdown["container_classes"])
    children = list(dropdown.children)
    if dropdown["has_title"]:
        title = children.pop(0)
        is_answer = answers.is_folded(dropdown)
        words = [nodes.Text(_(answers.HEADING))] if is_answer else title.children
        box += nodes.rubric("", *words, classes=["opened"], ids=title["ids"])
    box += children
    return box
