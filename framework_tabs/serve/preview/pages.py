"""The pages of the preview, kept up to date by a Sphinx application that stays.

Sphinx itself says which pages a changed file concerns. What a whole build does besides,
such as the search's index, is left out: a preview is about the page at hand. It is
written first, with the numbers that its figures had; whether other numbers follow from
the change is seen to afterwards.
"""

import io
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from ..._compat import number_again, read_again
from ...config import is_plain_sphinx
from ...messages import _

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Update:
    """What is new: the addresses of pages, and what is wrong, in lines.

    ``problems`` is None as long as that is not known.
    """

    pages: tuple[str, ...]
    problems: tuple[str, ...] | None
    seconds: float


class Pages:
    """The pages of the book in ``root``, written below ``folder``."""

    def __init__(self, root: Path, folder: Path):
        self.site = folder / "html"
        self._root, self._doctrees = root, folder / "doctrees"
        self._app: Sphinx | None = None
        self._namespace = ExitStack()
        self._warnings = io.StringIO()
        self._is_whole = False
        self._numbers: dict[str, dict] = {}
        self._seen: dict[Path, int | None] = {}

    def __enter__(self) -> "Pages":
        return self

    def __exit__(self, *_) -> None:
        """Give back to docutils what the application has changed in it."""
        self._namespace.close()

    @property
    def handler(self) -> type[SimpleHTTPRequestHandler]:
        """What answers requests: the ``site_handler`` that an extension declares.

        So a theme that keeps to a Content-Security-Policy keeps to it here, too.
        """
        extensions = self._app.extensions.values() if self._app else []
        found: Iterator[Any] = (e.metadata.get("site_handler") for e in extensions)
        return next(filter(None, found), SimpleHTTPRequestHandler)

    def update(self) -> Iterator[Update]:
        """Write every page that is out of date; those that changed come first.

        What goes wrong is reported at the end, the pages stay as they are, and the next
        change is another try.
        """
        start, problems = time.perf_counter(), []
        needs_application = self._app is None or self._changed(self._settings())
        before = self._times()
        try:
            for pages in self._open() if needs_application else self._renew():
                yield Update(tuple(pages), None, time.perf_counter() - start)
        except SphinxError as error:
            problems.append(f"{error.category}: {error}")
        except Exception as error:  # a file can break any extension
            problems.append(f"{type(error).__name__}: {error}")
        # A file that changed meanwhile counts as changed.
        self._seen = self._times() | before
        problems += self._said()
        yield Update((), tuple(problems), time.perf_counter() - start)

    def have_changed(self) -> bool:
        """Say whether a file that a page depends on has changed since the update."""
        return self._changed(self._files())

    def _changed(self, files: Iterator[Path]) -> bool:
        return any(_time(path) != self._seen.get(path) for path in files)

    def _times(self) -> dict[Path, int | None]:
        return {path: _time(path) for path in self._files()}

    def _settings(self) -> Iterator[Path]:
        """The files whose change asks for another application."""
        config = self._app.config if self._app else None
        bibliographies = getattr(config, "bibtex_bibfiles", None) or []
        for name in ("_config.yml", "_toc.yml", "conf.py", *bibliographies):
            yield self._root / name

    def _files(self) -> Iterator[Path]:
        """Everything that the pages depend on, as far as Sphinx knows."""
        yield from self._settings()
        env = self._app.env if self._app else None
        if env:
            yield from (Path(env.doc2path(name)) for name in env.found_docs)
            for paths in env.dependencies.values():
                yield from (self._root / path for path in paths)

    def _open(self) -> Iterator[list[str]]:
        """Start an application and let it build the book."""
        self._app, self._is_whole = None, False
        self._namespace.close()
        self._namespace.enter_context(patch_docutils(None))
        self._namespace.enter_context(docutils_namespace())
        is_plain = is_plain_sphinx(self._root)
        config = {} if is_plain else _of_jupyter_book(self._root)
        config["framework_tabs_preview"] = True
        self._app = Sphinx(
            self._root,
            self._root if is_plain else None,
            self.site,
            self._doctrees,
            "html",
            config,
            status=None,
            warning=self._warnings,
        )
        yield from self._build()

    def _build(self) -> Iterator[list[str]]:
        """Write every page, for the list of pages beside each may have changed."""
        self._app.build(force_all=True)
        self._number()
        self._is_whole = True
        yield self._addresses(self._app.env.found_docs)

    def _renew(self) -> Iterator[list[str]]:
        """Read and write what is out of date; the addresses of these pages.

        In two steps, since numbering figures takes as long as all the rest.
        """
        if not self._is_whole:
            yield from self._build()
            return
        app, env, builder = self._app, self._app.env, self._app.builder
        sections = dict(env.toc_secnumbers)
        read = read_again(app)
        env.toc_secnumbers = sections | env.toc_secnumbers
        env.toc_fignumbers = deepcopy(self._numbers)
        # Those that an update read before something went wrong are still unwritten.
        yield self._written(read | set(builder.get_outdated_docs()) & env.found_docs)
        yield self._written(self._number())

    def _number(self) -> set[str]:
        """Number figures and sections; the pages on which a number has changed.

        Kept as Sphinx assigns them: when a page is written, `figures` adds to them, and
        they would never again be the same.
        """
        env = self._app.env
        env.toc_fignumbers = deepcopy(self._numbers)
        changed = number_again(self._app)
        self._numbers = deepcopy(env.toc_fignumbers)
        return changed

    def _written(self, docnames: set[str]) -> list[str]:
        """Write pages; their addresses."""
        if docnames:
            self._app.builder.write([], sorted(docnames), "update")
        return self._addresses(docnames)

    def _addresses(self, docnames: set[str]) -> list[str]:
        return sorted(map(self._app.builder.get_target_uri, docnames))

    def _said(self) -> list[str]:
        """What Sphinx warned of since last time, a warning a line."""
        text = _COLOUR.sub("", self._warnings.getvalue())
        self._warnings.seek(0)
        self._warnings.truncate()
        text = text.replace(f"{self._root}/", "").replace("WARNING:", _("Warning:"))
        return [line for line in text.splitlines() if line.strip()]


def _of_jupyter_book(root: Path) -> dict:
    """Return what Jupyter Book makes of its settings for Sphinx."""
    from ..._compat import get_final_config  # not every book is one of its

    options = {
        "external_toc_path": str(root / "_toc.yml"),
        "latex_individualpages": False,
    }
    config, _sources = get_final_config(
        user_yaml=root / "_config.yml", sourcedir=root, cli_config=options
    )
    return config


def _time(path: Path) -> int | None:
    """When a file was changed; None if there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
