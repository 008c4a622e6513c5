"""What the pages load: the style sheet and the scripts in ``static/``."""

from pathlib import Path

from sphinx.application import Sphinx

from .._compat import add_global_html_resources
from ..merge.page_facts import settings_of
from ..messages import _
from . import math

SITES = ("html", "dirhtml", "singlehtml")
"""The builders whose pages are for a browser."""
STATIC = Path(__file__).parent / "static"


def add(app: Sphinx) -> None:
    """Add the style sheet and the scripts to every HTML page.

    The tabs' script must act before sphinx-design's (priority 500) reads the address.
    """
    if app.builder.format != "html":
        return
    keys = " ".join(settings_of(app).frameworks)
    app.config.html_static_path.append(str(STATIC))
    app.add_css_file("framework_tabs.css")
    if app.builder.math_renderer_name == math.RENDERER:
        app.add_css_file(math.SHEET.name)
    words = _.of_script(STATIC / "framework_tabs.js")
    data = {"data-frameworks": keys, "data-words": words}
    app.add_js_file("framework_tabs.js", priority=400, **data)
    app.add_js_file("answers.js")


def copy_early(app: Sphinx) -> None:
    """Let myst-nb's style sheet be there before the first page is written.

    myst-nb copies it last. A page names the checksum of each sheet that it finds, so
    that the pages of a first build would differ from those of any other. An EPUB has
    style sheets of its own.
    """
    if app.builder.name not in SITES:
        return
    Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
    add_global_html_resources(app, None)


def drop_repeated_scripts(app: Sphinx, pagename, templatename, context, doctree):
    """Leave every script on the page once.

    Sphinx 7.4 lists scripts without a file twice, and the second ``const`` of
    sphinx-thebe, which Jupyter Book always loads, is an error in the browser.
    """
    once: dict[str, object] = {}
    for script in context["script_files"]:
        name = getattr(script, "filename", script) or script.attributes["body"]
        once.setdefault(str(name), script)
    context["script_files"] = list(once.values())
