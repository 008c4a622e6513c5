"""What the importer says, and the texts that it writes, in the language of the book."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from framework_tabs.messages import Messages

HERE = Path(__file__).parent

_ = Messages(HERE / "locale")

_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=lambda name: not (name or "").endswith(".md"),
)


def fill(template: str, /, **values) -> str:
    """Return a template with values in it."""
    return _TEMPLATES.get_template(template).render(_=_, **values)
