"""Finds what would run in a reader's browser: content that only the site may have.

Outputs of cells end up on pages, and a package may put a program into them: a widget,
a plotting library's controls. Of the forms in which an output comes, a page shows one
that is passive (``passive``); a book that wants to know of every other one refuses them
(``problems``). The site's own scripts are not in outputs and do not come by here.
"""

from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from nbformat import NotebookNode

from ..messages import N_, _
from .record import CellOutputs

PROGRAMS = {"application/javascript", "text/javascript"}
WIDGETS = "application/vnd.jupyter.widget"
MARKUP = {"text/html", "image/svg+xml"}
PICTURES = {"image/png", "image/jpeg", "image/gif"}
SHOWN = MARKUP | PICTURES | {"text/markdown", "text/latex", "text/plain"}
"""The kinds that a page can show."""

HIDDEN = "application/papermill.record/"
"""What is put before the kind of an output that is kept for the text (``glue``)."""

ELEMENTS = {"script", "iframe", "frame", "object", "embed", "applet", "form", "base"}
ADDRESSES = {"href", "xlink:href", "src", "action", "formaction", "data", "srcdoc"}

INTERACTIVE = N_("[Interactive output: it is shown in the notebook.]")
"""What stands for an output that has no passive form."""


class _Markup(HTMLParser):
    """Notes the first active thing in HTML or SVG."""

    found: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if (
                name.startswith("on")
                or address.startswith("javascript:")
                or (name in ADDRESSES and address.startswith("data:text"))
            ):
                self._note(f"{name}=")
        if tag in ELEMENTS:
            self._note(f"<{tag}>")

    def _note(self, what: str) -> None:
        self.found = self.found or what


def in_markup(text: str) -> str | None:
    """Return the first active thing in a piece of HTML or SVG."""
    markup = _Markup()
    markup.feed(text)
    markup.close()
    return markup.found


def in_markdown(text: str) -> str | None:
    """Return the first active thing in Markdown; code that is shown is none.

    What directives hold counts, too: a page may run those.
    """
    parser = MarkdownIt("commonmark")
    fences = [token for token in parser.parse(text) if token.type == "fence"]
    inner = [token.content for token in fences if token.info.startswith("{")]
    return in_markup(parser.render(text)) or next(
        filter(None, map(in_markdown, inner)), None
    )


def _active(kind: str, content: str | list[str]) -> str | None:
    """Return the first active thing in one form of an output."""
    kind = kind.removeprefix(HIDDEN)
    if kind in PROGRAMS or kind.startswith(WIDGETS):
        return kind
    if kind in MARKUP:
        return in_markup("".join(content))
    return in_markdown("".join(content)) if kind == "text/markdown" else None


def in_output(output: NotebookNode) -> str | None:
    """Return the first active thing in an output of a cell."""
    found = (_active(*form) for form in output.get("data", {}).items())
    return next(filter(None, found), None)


def passive(output: NotebookNode, known: Collection[str] = SHOWN) -> NotebookNode:
    """Return an output in those of its forms that a page can show and none runs.

    ``known`` are the kinds that it can show; words stand for an output without any.
    """
    forms = output.get("data")
    if not forms:
        return output
    kept = {
        kind: content
        for kind, content in forms.items()
        if kind.removeprefix(HIDDEN) in known and not _active(kind, content)
    }
    if not kept:
        prefix = HIDDEN if all(kind.startswith(HIDDEN) for kind in forms) else ""
        kept = {f"{prefix}text/plain": _(INTERACTIVE)}
    return NotebookNode({**output, "data": NotebookNode(kept)})


def problems(results: list[CellOutputs]) -> Iterator[str]:
    """Yield a line for each cell among ``notebooks.outputs`` that has any."""
    for number, result in enumerate(results, start=1):
        found = next(filter(None, map(in_output, result.outputs)), None)
        if found:
            yield _(
                "code cell {number}/{count} (line {line}): its output would run in a "
                "browser ({found}). Let the cell give a still picture or text, then "
                "run execute."
            ).format(
                number=number, count=len(results), line=result.cell.line, found=found
            )
