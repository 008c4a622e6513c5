"""What a page says of itself to search engines and to those who show a link to it.

It all stands in the page's head: a description, the Open Graph's fields, and the data
of schema.org, in which the pages are chapters of a book. The description is the one in
the front matter of the page's source, else how its text begins. Addresses must be
complete, so those of pages, and with them the sitemap, need ``html_baseurl``.
"""

import textwrap
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from babel.core import get_global, parse_locale
from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx

from ..merge.page_facts import settings_of, title_of
from ..messages import locale, spoken, tag
from ..templating import fill
from . import citation

LISTED = ("html", "dirhtml")
"""The builders whose pages a sitemap can list."""
LONGEST = 160
"""Characters of a description; search engines cut longer ones off."""


@dataclass(frozen=True)
class Page:
    """A page of the book; ``kind`` is the Open Graph's word for it."""

    kind: str
    title: str
    book: str
    description: str
    address: str


@dataclass(frozen=True)
class Picture:
    """What is shown with a link to a page."""

    address: str
    width: int
    height: int


def add_picture(app: Sphinx) -> None:
    """Let the site have the picture."""
    if (path := settings_of(app).picture) and app.builder.format == "html":
        app.config.html_static_path.append(str(path))


def describe(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Add to a page's head; one without a source, such as the search, stays."""
    if doctree is None:
        return
    page = Page(
        kind="book" if pagename == app.config.root_doc else "article",
        title=app.env.titles[pagename].astext(),
        book=title_of(app.config),
        description=_description(app.env.metadata[pagename], doctree),
        address=address(app, pagename),
    )
    context["metatags"] += fill(
        "head.html",
        page=page,
        has_description='name="description"' in context["metatags"],
        picture=_picture(app, context["pathto"]),
        locale=_locale(),
        data=structured(app, pagename, page),
    )


def address(app: Sphinx, docname: str) -> str:
    """Return the complete address of a page; nothing if the site's is not known."""
    base = app.config.html_baseurl
    return base and urljoin(f"{base.rstrip('/')}/", app.builder.get_target_uri(docname))


def _description(said: dict, doctree: nodes.document) -> str:
    """Return what the page says of itself, else how its text begins."""
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return meta["content"]
    if description := str(said.get("description", "")):
        return description
    begin = next(doctree.findall(_is_plain_text), nodes.Text(""))
    return textwrap.shorten(begin.astext(), LONGEST, placeholder=" …")


def _is_plain_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.paragraph) and isinstance(node.parent, nodes.section)


def _picture(app: Sphinx, pathto) -> Picture | None:
    path = settings_of(app).picture
    if path is None:
        return None
    place = f"_static/{path.name}"
    base = app.config.html_baseurl
    complete = urljoin(f"{base.rstrip('/')}/", place) if base else pathto(place, 1)
    with Image.open(path) as image:
        return Picture(complete, *image.size)


def structured(app: Sphinx, pagename: str, page: Page) -> dict:
    """Return what schema.org has words for: the book, or a chapter and its book."""
    root = app.config.root_doc
    book = _with_address({"@type": "Book", "name": page.book}, address(app, root))
    if pagename == root:
        return _schema(book | _about_book(app) | {"description": page.description})
    chapter: dict[str, object] = {
        "@type": "Chapter",
        "name": page.title,
        "description": page.description,
    }
    order = list(app.builder.relations)
    if pagename in order:
        chapter["position"] = order.index(pagename)
    return _schema(_with_address(chapter, page.address) | {"isPartOf": book})


def _about_book(app: Sphinx) -> dict:
    cite = citation.read(Path(app.srcdir))
    about = {
        "author": [{"@type": "Organization", "name": name} for name in cite.authors],
        "datePublished": cite.released and cite.released.isoformat(),
        "version": cite.version,
        "keywords": list(cite.keywords),
        "license": [f"https://spdx.org/licenses/{each}" for each in cite.licences],
    }
    return {key: value for key, value in about.items() if value}


def _schema(data: dict) -> dict:
    return {
        "@context": "https://schema.org",
        **data,
        "inLanguage": tag(),
        "isAccessibleForFree": True,
    }


def _locale() -> str:
    """Return the language with the country that the Open Graph wants: ``tr_TR``."""
    likely = get_global("likely_subtags").get(spoken(), "")
    at_home = parse_locale(likely)[1] if likely else ""
    country = locale().territory or at_home
    return "_".join(filter(None, (spoken().split("_")[0], country)))


def _with_address(data: dict, where: str) -> dict:
    return data | {"url": where} if where else data


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages for search engines, if they have addresses."""
    has_addresses = app.config.html_baseurl and app.builder.name in LISTED
    if exception or not has_addresses:
        return
    addresses = [address(app, name) for name in app.env.collect_relations()]
    target = Path(app.outdir, "sitemap.xml")
    target.write_text(fill("sitemap.xml", addresses=addresses), encoding="utf-8")
