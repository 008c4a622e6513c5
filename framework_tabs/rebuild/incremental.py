"""What a build must do again, so that it ends as a build of everything would.

Sphinx by itself goes by the times of files, forgets the warnings of pages that did not
change, and leaves pages as they are that show what another one says: its title in the
side bar, its number in a reference. So this module keeps a file beside Sphinx's own
about the last build that came to its end:

* the digest of each page's files, source and dependencies alike; a page of which one
  changed is read again,
* the pages that were warned about; they are read again, and warned about again,
* the digest of the outline, which is all that a page can show of others; if it changed,
  every page is written again.

After a build that failed or was killed there is no such file, and all is read again. So
it is when the code of the book's own extensions or an installed package changed.
"""

import json
import logging
import re
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import (
    NAMESPACE,
    WarningLogRecordTranslator,
    is_suppressed_warning,
)

from .. import digest

TOOLS = "framework_tabs_tools"
COMPILED = (".pyc", ".mo")


def setup(app: Sphinx) -> None:
    """Register the events; the outline is complete when figures have their numbers."""
    app.add_config_value(TOOLS, "", "env", str)
    app.connect("config-inited", note_tools, priority=900)
    app.connect("env-get-outdated", pages_to_read)
    app.connect("env-get-updated", pages_to_write, priority=900)
    app.connect("build-finished", keep, priority=900)
    app.framework_tabs_warned = set()
    logging.getLogger(NAMESPACE).addHandler(_Warned(app))


def note_tools(app: Sphinx, config: Config) -> None:
    """Let the settings cover what makes pages and belongs to none: code, packages."""
    packages = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    names = sorted(path.name for path in packages)
    setattr(config, TOOLS, digest.of_json([names, *map(_content, _tools(app, config))]))


def _tools(app: Sphinx, config: Config) -> Iterator[Path]:
    """Yield the files of the book's own extensions, and those of no page."""
    root = Path(app.srcdir)
    modules = [Path(each.module.__file__ or "") for each in app.extensions.values()]
    folders = {
        path.parent
        for path in modules
        if "site-packages" not in path.parts and path.name == "__init__.py"
    }
    for folder in sorted(folders | {root / name for name in config.locale_dirs}):
        found = (path for path in sorted(folder.rglob("*")) if path.is_file())
        yield from (path for path in found if path.suffix not in COMPILED)
    names = ["_config.yml", "CITATION.cff", *getattr(config, "bibtex_bibfiles", [])]
    yield from (root / name for name in names)


class _Warned(logging.Handler):
    """Remembers the pages that a build warns about; "" for a warning without one."""

    def __init__(self, app: Sphinx):
        super().__init__(logging.WARNING)
        self.addFilter(WarningLogRecordTranslator(app))
        self._app = app

    def emit(self, record: logging.LogRecord) -> None:
        kind = (getattr(record, "type", None), getattr(record, "subtype", None))
        if not is_suppressed_warning(*kind, self._app.config.suppress_warnings):
            self._app.framework_tabs_warned.add(self._page(record))

    def _page(self, record: logging.LogRecord) -> str:
        """Return the page of a warning; its location is a path, perhaps with a line."""
        path = re.sub(r":\d*$", "", record.location or "")
        name = self._app.project.path2doc(path) if path else None
        return name if name in self._app.project.docnames else ""


def pages_to_read(app: Sphinx, env: BuildEnvironment, added, changed, removed):
    """Return the pages to read again; what was remembered is void until the end."""
    kept = _recall(app)
    app.framework_tabs_outline = kept.get("outline")
    _file(app).unlink(missing_ok=True)
    if app.builder.format == "html":
        for name in removed:
            Path(app.builder.get_outfilename(name)).unlink(missing_ok=True)
    known, warned = kept.get("pages", {}), kept.get("warned", [])
    return [
        name
        for name in env.found_docs
        if name in warned or known.get(name) != _page_digest(env, name)
    ]


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Return all pages if what they show of each other has changed."""
    before = app.framework_tabs_outline
    app.framework_tabs_outline = _outline(env)
    return env.found_docs if before != app.framework_tabs_outline else []


def keep(app: Sphinx, exception: Exception | None) -> None:
    """Remember a build that came to its end; forget it if a warning was of no page."""
    if exception or "" in app.framework_tabs_warned:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
        return
    facts = {
        "pages": {name: _page_digest(app.env, name) for name in app.env.found_docs},
        "warned": sorted(app.framework_tabs_warned),
        "outline": app.framework_tabs_outline,
    }
    _file(app).write_text(json.dumps(facts), encoding="utf-8")


def _file(app: Sphinx) -> Path:
    return Path(app.doctreedir, f"framework_tabs.{app.builder.name}.json")


def _recall(app: Sphinx) -> dict:
    try:
        return json.loads(_file(app).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _page_digest(env: BuildEnvironment, docname: str) -> str:
    """Digest the files that a page is made of."""
    others = (Path(env.srcdir, name) for name in env.dependencies[docname])
    paths = [Path(env.doc2path(docname)), *sorted(others)]
    return digest.of_json([_content(path) for path in paths])


def _outline(env: BuildEnvironment) -> str:
    """Digest what pages can show of others: names, titles, numbers and their order."""
    objects = {
        name: sorted(map(str, domain.get_objects()))
        for name, domain in env.domains.items()
    }
    cited = env.get_domain("cite").citations if "cite" in env.domains else []
    return digest.of_json(
        [
            objects,
            {name: title.astext() for name, title in env.longtitles.items()},
            env.toc_secnumbers,
            env.toc_fignumbers,
            sorted(env.collect_relations().items()),
            [str((c.citation_id, c.formatted_entry.label)) for c in cited],
        ]
    )


def _content(path: Path) -> list[str]:
    """Return a file's name and what is in it, as a digest."""
    if not path.is_file():
        return [path.name, ""]
    return [path.name, digest.of_file(path)]
