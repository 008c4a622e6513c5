"""What each notebook rests on here and now, and whether its outputs still do."""

import asyncio
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode

from ..config import Framework, Settings
from ..source.cell import Chapter
from ..store import record
from ..store.fingerprint import Basis, basis, for_run
from ..store.record import MARK
from . import versions
from .job import Failure
from .versions import Versions


class Bases:
    """What a book's notebooks rest on, once their kernels have been asked.

    What follows ``ask`` raises Failure for a framework whose kernel could not answer.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self._versions: dict[Framework, Versions | Failure] = {}
        self._bases: dict[Framework, Basis] = {}

    async def ask(self, frameworks: Iterable[Framework]) -> None:
        """Ask each framework's kernel for its versions, all at once."""

        async def ask(framework: Framework) -> None:
            try:
                self._versions[framework] = await versions.ask(framework, self.settings)
            except Failure as failure:
                self._versions[framework] = failure

        async with asyncio.TaskGroup() as group:
            for framework in frameworks:
                group.create_task(ask(framework))

    def versions(self, framework: Framework) -> Versions:
        """What the framework's kernel runs."""
        found = self._versions[framework]
        if isinstance(found, Failure):
            raise found
        return found

    def of(self, framework: Framework) -> Basis:
        """What the framework's outputs rest on; looked up once."""
        if framework not in self._bases:
            found = self.versions(framework)
            self._bases[framework] = basis(
                framework, self.settings, found.python, found.packages
            )
        return self._bases[framework]

    def is_current(
        self, run: dict[str, Any], chapter: Chapter, framework: Framework
    ) -> bool:
        """Whether a run rests on what it would rest on now."""
        found = self.of(framework)
        if "key" not in run:
            return False
        chain = record.code_chain(chapter, framework.key)
        sources = [cell.source for cell, _link in chain]
        now = for_run(found, run, framework, self.settings, sources)
        return bool(now.key(chain[-1][1]) == run["key"])

    def is_fresh(
        self, stored: NotebookNode, chapter: Chapter, framework: Framework
    ) -> bool:
        """Whether a notebook holds every output of a run that is current."""
        run = stored.metadata.get(MARK, {}).get("run", {})
        key, kernel = framework.key, framework.kernel
        cells = record.outputs_in(stored, chapter, key, kernel)
        return self.is_current(run, chapter, framework) and all(
            cell.status == "fresh" for cell in cells
        )
