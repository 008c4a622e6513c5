"""Makes ``404.html``, the page that a host shows at an address where there is none.

It may be shown at any depth, so its own links begin with the site's root: the path of
``html_baseurl``. sphinx-notfound-page does that for what Sphinx links; here it is done
for what the theme links, and the page is named.
"""

import re
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

NAME = "404"
RELATIVE = re.compile(r'(href=")(?![a-z]+:|[/#])')


def setup(app: Sphinx) -> None:
    """Add the page and what completes its links."""
    app.setup_extension("notfound.extension")
    app.connect("config-inited", describe)
    # After those who offer functions to the templates.
    app.connect("html-page-context", complete_links, priority=940)


def describe(app: Sphinx, config: Config) -> None:
    """Say where the site is, which template the page has, and its title."""
    path = urlsplit(config.html_baseurl).path
    config.notfound_urls_prefix = f"{path.rstrip('/')}/"
    config.notfound_template = "notfound.html"
    config.notfound_context = {"title": "Sayfa bulunamadı", "body": ""}


def complete_links(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Let the contents in the side bar, and scripts, start from the site's root."""
    if pagename != NAME:
        return
    root = app.config.notfound_urls_prefix
    contents = context["generate_toctree_html"]
    context["content_root"] = root
    context["generate_toctree_html"] = lambda *args, **options: RELATIVE.sub(
        rf"\g<1>{root}", str(contents(*args, **options))
    )
