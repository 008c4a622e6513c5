"""The templates in ``templates/``: for the PDF, the EPUB and the heads of the pages."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment


def fill(name: str, **values) -> str:
    """Return a template with values in it, which are escaped."""
    return _environment().get_template(name).render(**values)
