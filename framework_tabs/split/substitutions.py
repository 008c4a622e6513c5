"""What ``{{ name }}`` in a text stands for."""

import jinja2
from myst_parser.config.main import MdParserConfig


def substituted(content: str, config: MdParserConfig) -> str:
    """The Markdown that a substitution gives; the braces again if there is none.

    As MyST-Parser: the content is an expression for Jinja.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    try:
        template = environment.from_string(f"{{{{{content}}}}}")
        return template.render(config.substitutions)
    except Exception:  # whatever an expression raises, Sphinx warns of it
        return f"`{{{{ {content} }}}}`"
