"""Takes out of a site what pages left there that are gone or show other things now.

Sphinx writes what pages have, and removes nothing. So a list of the files that belong
to pages lies beside its own files: what is on the list of the last build and not on
that of this one goes. Whatever else lies in the site's folder is left alone.
"""

import json
from pathlib import Path

from sphinx.application import Sphinx

from ..render import downloads

SITES = ("html", "dirhtml")


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("env-updated", announce)
    app.connect("build-finished", remove)


def announce(app: Sphinx, env) -> None:
    """Put what this build will write on the list, which it may not live to do."""
    if app.builder.name in SITES:
        _write(app, _listed(app) | set(_files(app)))


def remove(app: Sphinx, exception: Exception | None) -> None:
    """Remove what is on the list and belongs to no page."""
    if exception or app.builder.name not in SITES:
        return
    own = set(_files(app))
    for name in _listed(app) - own:
        Path(app.outdir, name).unlink(missing_ok=True)
    _write(app, own)


def _files(app: Sphinx):
    """Yield the files that belong to the pages of the book, as paths in the site."""
    env = app.env
    for docname in env.found_docs:
        page = Path(app.builder.get_outfilename(docname))
        yield page.relative_to(app.outdir).as_posix()
        yield f"_sources/{_source(app, docname)}"
    yield from (f"_images/{name}" for _, name in env.images.values())
    yield from (f"_downloads/{name}" for _, name in env.dlfiles.values())
    yield from downloads.places(app)


def _source(app: Sphinx, docname: str) -> str:
    """Return the name under which Sphinx copies the source of a page."""
    name = str(app.env.doc2path(docname, False))
    suffix, shown = name[len(docname) :], app.config.html_sourcelink_suffix
    return name if suffix == shown else name + shown


def _list(app: Sphinx) -> Path:
    return Path(app.doctreedir, f"framework_tabs.{app.builder.name}.files.json")


def _listed(app: Sphinx) -> set[str]:
    try:
        return set(json.loads(_list(app).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return set()


def _write(app: Sphinx, names: set[str]) -> None:
    _list(app).write_text(json.dumps(sorted(names)), encoding="utf-8")
