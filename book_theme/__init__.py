"""The reader's site: what this book changes about sphinx-book-theme.

Templates without inline scripts, so that a strict Content-Security-Policy holds; only
the scripts, styles and icons that a page uses; Turkish where the themes know only
English; type and colours. What the frameworks' tabs need is in ``framework_tabs``.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from . import _compat, assets, markup, missing, stylesheet

HERE = Path(__file__).parent


def setup(app: Sphinx) -> dict[str, object]:
    """Register templates, style, scripts and what pages load."""
    missing.setup(app)
    app.connect("config-inited", add_templates)
    app.connect("config-inited", silence_thebe)
    app.connect("builder-inited", assets.add)
    app.connect("html-page-context", markup.add_sizes)
    app.connect("html-page-context", markup.drop_needless)
    # After all who still copy files.
    app.connect("build-finished", stylesheet.write, priority=900)
    # Last, when all others have added theirs.
    app.connect("html-page-context", assets.keep_used, priority=950)
    from .serve import Handler  # here, so that the module can be run by its name

    # A preview that serves the pages keeps to the same policy.
    return {
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "site_handler": Handler,
    }


def add_templates(app: Sphinx, config: Config) -> None:
    """Put the templates before those of the themes."""
    config.templates_path.insert(0, str(HERE / "templates"))


def silence_thebe(app: Sphinx, config: Config) -> None:
    """Keep sphinx-thebe, which Jupyter Book loads, from writing scripts into pages."""
    _compat.disconnect(app, "sphinx_thebe")
