"""The templates in ``templates/``: the PDF, the EPUB, heads of pages, new chapters."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=_is_markup)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment


def _is_markup(name: str | None) -> bool:
    """Say whether values are to be escaped: everywhere but in Markdown."""
    return not (name or "").endswith(".md")


def fill(template: str, /, **values) -> str:
    """Return a template with values in it, which are escaped as its kind asks for."""
    return _environment().get_template(template).render(**values)
