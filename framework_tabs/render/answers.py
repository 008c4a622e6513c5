"""Folds the answers to exercises away until a reader asks for them.

An answer is a section with the heading "Answer", in the language of the book, or with
the class ``answer``: whatever stands in it, text, cells and tabs, becomes
sphinx-design's dropdown below the question. So a chapter stays plain Markdown, and its
notebooks, which fold nothing, read as they are written.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform

from .._compat import create_component
from ..messages import N_, _

HEADING = N_("Answer")
CLASS = "answer"


class Answers(SphinxTransform):
    """Replaces each section that answers a question by a dropdown.

    This is the tree that sphinx-design's own directive builds::

        <container design_component="dropdown">
            <rubric>
                Show the answer
            ...content of the section
    """

    # After labels have found the section that they name (260).
    default_priority = 300

    def apply(self, **kwargs) -> None:
        """Replace the sections, so that the page's list of sections has no answers."""
        for section in list(self.document.findall(_is_answer)):
            section.replace_self(self._dropdown(section))

    def _dropdown(self, section: nodes.section) -> nodes.container:
        """Return the dropdown of an answer, which the section's labels now name."""
        summary = _("Show the answer")
        title = nodes.rubric(
            summary, summary, ids=section["ids"], names=section["names"]
        )
        for name in title["ids"]:
            self.document.ids[name] = title
        dropdown = create_component(
            "dropdown",
            opened=False,
            type="dropdown",
            has_title=True,
            icon=None,
            chevron=None,
            container_classes=["sd-mb-3", CLASS],
            title_classes=[],
            body_classes=[],
            children=[title, *section.children[1:]],
        )
        dropdown.source, dropdown.line = section.source, section.line
        return dropdown


def _is_answer(node: nodes.Node) -> bool:
    """Say whether ``node`` is a section that answers a question."""
    return isinstance(node, nodes.section) and (
        CLASS in node["classes"] or node[0].astext() == _(HEADING)
    )


def is_folded(dropdown: nodes.container) -> bool:
    """Say whether a dropdown is the answer to a question."""
    return CLASS in dropdown["container_classes"]
