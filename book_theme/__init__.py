"""The reader's site: what this book changes about sphinx-book-theme.

Templates without inline scripts, so that a strict Content-Security-Policy holds; only
the scripts, styles and icons that a page uses; Turkish where the themes know only
English; type and colours. What the frameworks' tabs need is in ``framework_tabs``.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from . import markup

HERE = Path(__file__).parent

# Loaded by the themes and extensions for what no page of the book has: buttons that run
# cells elsewhere, admonitions that fold, tabs that are not the frameworks'.
# Loaded by the layout instead: sphinx-book-theme.js. Turkish messages of the search:
# translations.js, which evaluates text; ``framework_tabs.search`` has its own.
UNUSED = (
    "sphinx-thebe",
    "togglebutton",
    "design-tabs",
    "sphinx-book-theme.js",
    "translations.js",
)


def setup(app: Sphinx) -> dict[str, object]:
    """Register templates, style, scripts and what pages load."""
    app.connect("config-inited", add_templates)
    app.connect("config-inited", silence_thebe)
    app.connect("builder-inited", add_assets)
    app.connect("html-page-context", markup.add_sizes)
    app.connect("html-page-context", markup.drop_needless)
    # Last, when all others have added theirs.
    app.connect("html-page-context", keep_used_assets, priority=950)
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
    for listeners in app.events.listeners.values():
        listeners[:] = [
            each for each in listeners if each.handler.__module__ != "sphinx_thebe"
        ]


def add_assets(app: Sphinx) -> None:
    """Add style sheet and script; they come after those of the themes."""
    if app.builder.format != "html":
        return
    app.config.html_static_path.append(str(HERE / "static"))
    app.add_css_file("book_theme.css", priority=900)
    app.add_js_file("book_theme.js", priority=900)


def keep_used_assets(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Leave out what no page uses, and let scripts wait until the page is read.

    Scripts without a file are settings of those left out, or of a search while typing
    that the book does not have.
    """
    scripts = context.get("script_files", [])
    context["script_files"] = [s for s in scripts if _used(_filename(s))]
    for script in context["script_files"]:
        if _filename(script) != "framework_tabs.js":  # it acts before the first paint
            script.attributes["defer"] = "defer"
    styles = context.get("css_files", [])
    context["css_files"] = [s for s in styles if _used(_filename(s))]


def _filename(asset) -> str:
    """Return the name of a script's or style sheet's file, "" without one."""
    return Path(str(getattr(asset, "filename", asset) or "")).name


def _used(name: str) -> bool:
    return bool(name) and not any(unused in name for unused in UNUSED)
