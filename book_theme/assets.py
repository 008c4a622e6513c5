"""What the pages load: one style sheet, and the scripts that the book uses."""

from pathlib import Path

from sphinx.application import Sphinx

from . import _compat

STATIC = Path(__file__).parent / "static"

# Loaded by the themes and extensions for what no page of the book has: buttons that run
# cells elsewhere, admonitions that fold, tabs that are not the frameworks'.
# Loaded by the layout instead: sphinx-book-theme.js. Turkish messages of the search:
# translations.js, which evaluates text; ``sphinx_turkish`` has its own.
UNUSED = (
    "sphinx-thebe",
    "togglebutton",
    "design-tabs",
    "sphinx-book-theme.js",
    "translations.js",
)


def add(app: Sphinx) -> None:
    """Add style sheet and script; they come after those of the themes.

    ``stylesheet`` makes one of all style sheets.
    """
    if app.builder.format != "html":
        return
    app.config.html_static_path.append(str(STATIC))
    app.add_css_file("book_theme.css", priority=900)
    app.add_js_file("book_theme.js", priority=900)


def common_sheets(app: Sphinx) -> list:
    """Return the style sheets that the themes and extensions give to all pages."""
    sheets = _compat.sheets_of_all_pages(app.builder)
    found = (each for each in sheets if is_used(filename(each)))
    return sorted(found, key=lambda each: each.priority)


def keep_used(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Leave out what no page uses, and let scripts wait until the page is read.

    The layout loads one style sheet in place of the common ones. Scripts without a file
    are settings of those left out, or of a search while typing that the book does not
    have.
    """
    scripts = context.get("script_files", [])
    context["script_files"] = [s for s in scripts if is_used(filename(s))]
    for script in context["script_files"]:
        if filename(script) != "framework_tabs.js":  # it acts before the first paint
            script.attributes["defer"] = "defer"
    common = common_sheets(app)
    own = (sheet for sheet in context.get("css_files", []) if sheet not in common)
    context["css_files"] = [sheet for sheet in own if is_used(filename(sheet))]


def filename(asset) -> str:
    """Return the name of a script's or style sheet's file, "" without one."""
    return Path(str(getattr(asset, "filename", asset) or "")).name


def is_used(name: str) -> bool:
    """Say whether the pages need the file of this name."""
    return bool(name) and not any(unused in name for unused in UNUSED)
