"""What a page says for each framework, as nodes: blocks, and words within a sentence.

Without a script, on paper and in an e-reader everything stands there, each under or
beside its framework's name. ``framework_tabs.js`` makes tabs, or columns, of the
blocks, and leaves the words of the reader's choice. Media that are not made of HTML get
plain text (``Flattened``).
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class TabSet(nodes.General, nodes.Element):
    """The tabs of the frameworks in one place::

    <TabSet>
        <Tab framework="pytorch">
            <TabName>
                PyTorch
            ...what the framework shows
    """


class Tab(nodes.General, nodes.Element):
    """What one framework shows; its attribute ``framework`` is the framework's key."""

    @property
    def name(self) -> nodes.Node:
        """The name above it."""
        return self[0]

    @property
    def content(self) -> list[nodes.Node]:
        """What stands below the name."""
        return self.children[1:]


class TabName(nodes.General, nodes.TextElement):
    """The framework's name above its tab."""


class Choice(nodes.Inline, nodes.TextElement):
    """Words of a sentence that each framework has its own of::

    <Choice>
        <Option framework="pytorch" label="PyTorch">
            0.89
    """


class Option(nodes.Inline, nodes.TextElement):
    """The words for one framework: ``framework`` is its key, ``label`` its name."""


class FrameworkPart(nodes.General, nodes.Element):
    """Part of a page for one ``framework``, until it is put into a tab.

    Parts with the same ``outputs_of`` show the same thing, each in its framework.
    """


class Flattened(SphinxPostTransform):
    """Replaces the nodes by what every writer knows: boxes with headings, and text."""

    default_priority = 198  # after figures have found their tabs and paper its choice

    def is_supported(self) -> bool:
        """Leave them to the functions below in all that is made of HTML."""
        return self.app.builder.format != "html"

    def run(self, **kwargs) -> None:
        """Replace them all; what stands in a tab may be a set of tabs again."""
        for tab_set in list(self.document.findall(TabSet)):
            box = nodes.container(ids=tab_set["ids"], names=tab_set["names"])
            for tab in tab_set.children:
                heading = nodes.rubric("", "", *tab.name.children)
                box += nodes.container("", heading, *tab.content, ids=tab["ids"])
            tab_set.replace_self(box)
        for choice in list(self.document.findall(Choice)):
            words = nodes.inline()
            for option in choice.children:
                words += nodes.Text(" · " if words.children else "")
                words += [*option.children, nodes.Text(_in_brackets(option))]
            choice.replace_self(words)


def _in_brackets(option: Option) -> str:
    return f" ({option['label']})"


def setup(app: Sphinx) -> None:
    """Register the nodes, for HTML alone, and what replaces them elsewhere."""
    app.add_post_transform(Flattened)
    app.add_node(TabSet, html=(_begin_set, _end))
    app.add_node(Tab, html=(_begin_tab, _end))
    app.add_node(TabName, html=(_begin_name, _end_name))
    app.add_node(Choice, html=(_begin_choice, _end_inline))
    app.add_node(Option, html=(_begin_option, _end_option))
    app.add_node(FrameworkPart)


def _begin_set(translator, node: TabSet) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="framework-tabs"))


def _begin_tab(translator, node: Tab) -> None:
    own = {"CLASS": "framework-panel", "data-framework": node["framework"]}
    translator.body.append(translator.starttag(node, "div", **own))


def _begin_name(translator, node: TabName) -> None:
    translator.body.append(translator.starttag(node, "p", "", CLASS="framework-name"))


def _begin_choice(translator, node: Choice) -> None:
    own = {"CLASS": "framework-choice"}
    translator.body.append(translator.starttag(node, "span", "", **own))


def _begin_option(translator, node: Option) -> None:
    own = {"CLASS": "framework-option", "data-framework": node["framework"]}
    translator.body.append(translator.starttag(node, "span", "", **own))
    if node.parent.index(node):
        translator.body.append('<span class="framework-separator"> · </span>')


def _end_option(translator, node: Option) -> None:
    label = translator.encode(_in_brackets(node))
    translator.body.append(f'<span class="framework-label">{label}</span></span>')


def _end(translator, node: nodes.Element) -> None:
    translator.body.append("</div>\n")


def _end_name(translator, node: TabName) -> None:
    translator.body.append("</p>\n")


def _end_inline(translator, node: nodes.Element) -> None:
    translator.body.append("</span>")
