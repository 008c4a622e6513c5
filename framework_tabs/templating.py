"""Templates: the PDF, the EPUB, heads of pages, new chapters.

What they say is English in ``{{ _("…") }}`` and comes out in the language of the book.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from .messages import Messages, _, tag

TEMPLATES = Path(__file__).parent / "templates"
NO_MARKUP = (".md", ".css")


class Templates:
    """The templates of one package, in ``folder``, with the package's messages."""

    def __init__(self, folder: Path, messages: Messages):
        loader = FileSystemLoader(folder)
        self._environment = Environment(loader=loader, autoescape=_is_markup)
        self._environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        self._environment.globals.update(_=messages, language=tag)

    def fill(self, template: str, /, **values: Any) -> str:
        """Return a template with values in it, escaped as its kind asks for."""
        return self._environment.get_template(template).render(**values)


def _is_markup(name: str | None) -> bool:
    """Say whether values are to be escaped: everywhere but in Markdown and styles."""
    return not (name or "").endswith(NO_MARKUP)


fill = Templates(TEMPLATES, _).fill
