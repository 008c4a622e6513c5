"""Values that cells glue into the text, as far as a notebook can show them.

They are known once the notebook was executed, and then they are those of its own
framework. A value that is not known or is a picture stays on the page.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from .._compat import format_plain_text
from ..messages import _

if TYPE_CHECKING:
    from .plain_markdown import Prose

Values = dict[str, dict[str, Any]]
"""By the name of each value its forms, by their media types."""


def values(cells: Iterable[NotebookNode]) -> Values:
    """What the outputs of code cells have glued."""
    found: Values = {}
    for output in (output for cell in cells for output in cell.outputs):
        mark = output.get("metadata", {}).get("scrapbook")
        if mark:
            prefix = mark.get("mime_prefix", "")
            data = output.get("data", {})
            found[mark["name"]] = {k.removeprefix(prefix): v for k, v in data.items()}
    return found


def inline(prose: "Prose", name: str, content: str) -> str:
    """What a role that pastes a value becomes."""
    page, _, key = content.rpartition("::")
    pattern = ""
    if name.endswith((":text", ":md")):
        key, _, pattern = key.partition(":")
    if page:
        return _elsewhere(prose, prose.page_name(page) or prose.labels.name)
    data = prose.glued.get(key, {})
    if "text/markdown" in data and not name.endswith(":text"):
        return prose.inline(" ".join(data["text/markdown"].split("\n")))
    if "text/latex" in data and not name.endswith(":text"):
        return f"${_bare(data['text/latex'])}$"
    try:
        text = data["text/plain"]
        shown = format_plain_text(text, pattern) if name.endswith(":text") else text
    except (KeyError, ValueError, TypeError):
        return _elsewhere(prose, prose.labels.name)
    return shown if "\n" not in shown else _elsewhere(prose, prose.labels.name)


def _elsewhere(prose: "Prose", name: str) -> str:
    return _("(see the page {page})").format(page=prose.page_link(name))


def block(prose: "Prose", name: str, key: str) -> list[str]:
    """What a directive that pastes a value becomes."""
    data = prose.glued.get(key, {})
    if "text/markdown" in data:
        return str(data["text/markdown"]).split("\n")
    if "text/latex" in data:
        return ["$$", *_bare(data["text/latex"]).split("\n"), "$$"]
    is_picture = any(media.startswith("image/") for media in data)
    if "text/html" in data and not is_picture:
        return str(data["text/html"]).replace("\n\n", "\n").split("\n")
    if "text/plain" in data and not is_picture:
        return ["```text", *data["text/plain"].split("\n"), "```"]
    return prose.pointer()


def _bare(formula: str) -> str:
    """A formula without the marks around it."""
    return formula.strip().strip("$").strip()
