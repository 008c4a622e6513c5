"""What a build must do again, so that it ends as a build of everything would.

Sphinx by itself goes by the times of files, forgets the warnings of pages that did not
change, and leaves pages as they are that show what another one says: its title in the
side bar, its number in a reference. So this module keeps a file beside Sphinx's own
about the last build that came to its end:

* the digest of each page's files, source and dependencies alike; a page of which one
  changed is read again,
* the pages that were warned about; they are read again, and warned about again,
* the warnings that are of no page. One that does not come again by itself is repeated,
  and the next build reads all again to see whether it holds: once, since one that comes
  again holds until the settings change, with which all is read anyway,
* the digest of the outline, which is all that a page can show of others, and of style
  sheets and scripts, whose digests stand in pages; if it changed, every page is written
  again.

After a build that failed or was killed there is no such file, and all is read again. So
it is when the code of the book's own extensions or an installed package changed.
"""

import json
import logging
import re
import sysconfig
from collections.abc import Iterable, Iterator
from copy import copy
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging as sphinx_logging

from .. import digest
from .._compat import (
    ENV_PICKLE_FILENAME,
    NAMESPACE,
    WarningLogRecordTranslator,
    is_suppressed_warning,
)
from ..merge import glue

LOGGER = sphinx_logging.getLogger(__name__)
TOOLS = "framework_tabs_tools"
OF_SPHINX_ITSELF = f"{NAMESPACE}.sphinx.application"
"""The logger of what Sphinx says of itself: that it works with one process only."""
COMPILED = (".pyc", ".mo")


def setup(app: Sphinx) -> None:
    """Register the events; the outline is complete when figures have their numbers."""
    app.add_config_value(TOOLS, "", "env", str)
    app.connect("config-inited", note_tools, priority=900)
    build = Build(app)
    app.connect("env-get-outdated", build.pages_to_read)
    app.connect("env-before-read-docs", build.note_reading)
    app.connect("env-get-updated", build.pages_to_write, priority=900)
    app.connect("build-finished", build.keep, priority=900)
    logging.getLogger(NAMESPACE).addHandler(_Listener(app, build))


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
    names = [
        "_config.yml",
        "conf.py",
        "CITATION.cff",
        *getattr(config, "bibtex_bibfiles", []),
    ]
    yield from (root / name for name in names)


class _Listener(logging.Handler):
    """Hears what a build warns about."""

    def __init__(self, app: Sphinx, build: "Build"):
        super().__init__(logging.WARNING)
        self._translator = WarningLogRecordTranslator(app)
        self._app, self._build = app, build

    def emit(self, record: logging.LogRecord) -> None:
        record = copy(record)  # Sphinx translates the place itself, and only once
        self._translator.filter(record)
        kind = (getattr(record, "type", None), getattr(record, "subtype", None))
        if not is_suppressed_warning(*kind, self._app.config.suppress_warnings):
            self._build.note_warning(self._page(record), record)

    def _page(self, record: logging.LogRecord) -> str | None:
        """Return the page of a warning; its location is a path, perhaps with a line."""
        path = re.sub(r":\d*$", "", record.location or "")
        name = self._app.project.path2doc(path) if path else None
        return name if name in self._app.project.docnames else None


class Build:
    """A build, and what the last one of the same builder left to be known of it."""

    def __init__(self, app: Sphinx):
        self._app = app
        self._last: dict = {}
        self._outline = ""
        self._reads_all = False
        self._warned_pages: set[str] = set()
        self._warnings: list[str] = []

    def note_warning(self, page: str | None, record: logging.LogRecord) -> None:
        """Remember a warning, but for those about how Sphinx works."""
        if page is not None:
            self._warned_pages.add(page)
        elif record.name != OF_SPHINX_ITSELF:
            self._warnings.append(record.getMessage())

    def pages_to_read(self, app: Sphinx, env: BuildEnvironment, *_) -> list[str]:
        """Return the pages to read again; what was remembered is void until the end."""
        self._last = self._recall()
        self._file.unlink(missing_ok=True)
        known, warned = self._last.get("pages", {}), self._last.get("warned", [])
        return [
            name
            for name in env.found_docs
            if self._last.get("is_doubtful")
            or name in warned
            or known.get(name) != _page_digest(env, name)
        ]

    def note_reading(self, app: Sphinx, env: BuildEnvironment, docnames: list) -> None:
        """Note whether this build reads every page."""
        self._reads_all = set(docnames) >= env.found_docs

    def pages_to_write(self, app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
        """Return all pages if what they show of each other has changed."""
        self._outline = _outline(env)
        return env.found_docs if self._outline != self._last.get("outline") else []

    def keep(self, app: Sphinx, exception: Exception | None) -> None:
        """Remember a build that came to its end."""
        if exception:
            Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
            return
        warnings, is_doubtful = self._lasting_warnings()
        facts = {
            "pages": {name: _page_digest(app.env, name) for name in app.env.found_docs},
            "warned": sorted(self._warned_pages),
            "warnings": warnings,
            "is_doubtful": is_doubtful,
            "outline": self._outline,
        }
        self._file.write_text(json.dumps(facts), encoding="utf-8")

    def _lasting_warnings(self) -> tuple[dict[str, bool], bool]:
        """Return the warnings of no page, and whether one of them may not hold now.

        A warning is certain if it came again when all was read again. One that did not
        come in a build that did not read all is repeated here.
        """
        before, came = self._last.get("warnings", {}), list(self._warnings)
        if self._reads_all:
            return {each: each in before for each in came}, False
        missing = [each for each in before if each not in came]
        for each in missing:
            LOGGER.warning("%s", each)
        new = {each: before.get(each, False) for each in (*before, *came)}
        return new, not all(before[each] for each in missing)

    @property
    def _file(self) -> Path:
        name = f"framework_tabs.{self._app.builder.name}.json"
        return Path(self._app.doctreedir, name)

    def _recall(self) -> dict:
        try:
            return json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}


def _page_digest(env: BuildEnvironment, docname: str) -> str:
    """Digest the files that a page is made of."""
    others = (Path(env.srcdir, name) for name in env.dependencies[docname])
    paths = [Path(env.doc2path(docname)), *sorted(others)]
    return digest.of_json([_content(path) for path in paths])


def _outline(env: BuildEnvironment) -> str:
    """Digest what pages show besides their own: names, titles, order, numbers, values,
    and the versions of files that all of them link."""
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
            {name: _contents(toc) for name, toc in env.tocs.items()},
            sorted(map(_content, glue.kept(env))),
            [str((c.citation_id, c.formatted_entry.label)) for c in cited],
            [_content(path) for path in _linked_files(env)],
        ]
    )


def _contents(toc: nodes.Node) -> list[str]:
    """Return the tables of contents on a page; they may name addresses elsewhere."""
    return [str(each.attributes) for each in toc.findall(addnodes.toctree)]


def _linked_files(env: BuildEnvironment) -> Iterator[Path]:
    """Yield the book's style sheets and scripts, whose digests stand in every page."""
    for name in getattr(env.config, "html_static_path", []):
        for path in sorted(Path(env.app.confdir, name).rglob("*")):
            if path.suffix in (".css", ".js"):
                yield path


def _content(path: Path) -> list[str]:
    """Return a file's name and what is in it, as a digest."""
    if not path.is_file():
        return [path.name, ""]
    return [path.name, digest.of_file(path)]
