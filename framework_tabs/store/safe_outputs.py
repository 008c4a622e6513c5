"""Finds what would run in a reader's browser: content that only the site may have.

Outputs of cells end up on pages and in notebooks that readers download, and a package
may put a program into them (a plotting library its widget, for instance). Nothing is
taken out, since the rest would not be what the cell showed: a chapter with such an
output is refused. The site's own scripts are not in outputs and do not come by here.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

from nbformat import NotebookNode

from ..messages import _

PROGRAMS = {"application/javascript", "text/javascript"}
MARKUP = {"text/html", "image/svg+xml", "text/markdown"}
ELEMENTS = {"script", "iframe", "frame", "object", "embed", "applet", "form", "base"}
ADDRESSES = {"href", "xlink:href", "src", "action", "formaction", "data", "srcdoc"}


class _Markup(HTMLParser):
    """Notes the first active thing in HTML or SVG."""

    found: str | None = None

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or (
                name in ADDRESSES and address.startswith(("javascript:", "data:text"))
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


def in_output(output: NotebookNode) -> str | None:
    """Return the first active thing in an output of a cell."""
    for kind, content in output.get("data", {}).items():
        if kind in PROGRAMS or kind.startswith("application/vnd.jupyter.widget"):
            return kind
        if kind in MARKUP and (found := in_markup("".join(content))):
            return found
    return None


def problems(results: list) -> Iterator[str]:
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
