"""Execute: run the notebooks whose outputs are not what they would be today.

One job stands for one notebook. It takes its results from the notebook itself, from
the cache or from a run, whichever comes first, and it either writes a complete
notebook or leaves the earlier one untouched. Chapters are turned into notebooks in
``notebooks``; what makes outputs outdated is decided in ``basis``.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from filelock import AsyncFileLock, Timeout
from nbformat import NotebookNode

from .. import writing
from ..config import Framework, Settings
from ..messages import N_, _
from ..source.cell import Chapter, ChapterError
from ..split import notebook as notebooks
from ..store import files, language, record
from ..store.cache import Cache
from ..store.fingerprint import Basis, for_run, machine
from ..store.record import MARK, code_cells
from . import free_memory, gpus, scheduler
from .freshness import Bases
from .gpus import Card
from .job import Failure, Job, PortTaken, say, writing_result
from .kernel import merge_streams, run_cells, started_kernel, watched_memory
from .recording import recording
from .shards import Cost, costs, lengths, share

LOCK_SECONDS = 1
STARTS = 3
INTERRUPTED = N_("interrupted. Start again with the same command")


def execute(
    chapters: list[Chapter],
    frameworks: list[Framework],
    settings: Settings,
    *,
    force: bool = False,
    shard: tuple[int, int] = (1, 1),
    jobs: int | None = None,
    cache: Path | None = None,
    wait: bool = False,
) -> list[str]:
    """Bring the notebooks of these chapters and frameworks up to date.

    Parameters
    ----------
    force : bool
        Run also what is up to date.
    shard : (int, int)
        Which share of how many to do, the first being 1.
    jobs : int, optional
        How many notebooks may run at once. Without it one: what the pages say of time
        was measured alone. With graphics cards one on each.
    cache : Path, optional
        The folder of results, in place of the one below ``_build``.
    wait : bool
        Wait for another command that runs one of the notebooks: it counts as failed
        otherwise.

    Returns
    -------
    list of str
        One message for each notebook that failed; the others are written. An
        interruption counts as the failure of every unfinished notebook.
    """
    keys = {framework.key for framework in frameworks}
    all_jobs = [
        Job(chapter, framework, settings)
        for chapter in chapters
        for framework in settings.runners_of(chapter).values()
        if framework.key in keys
    ]
    paths = [job.path for job in all_jobs]
    expected = costs(paths, settings.root)
    mine = share(lengths(paths, settings.root), *shard)
    work = {all_jobs[place]: expected[place] for place in mine}
    cache = cache or settings.root / "_build" / f".{MARK}_cache"
    execution = _Execution(settings, Cache(cache), force, wait)
    return asyncio.run(execution.run(work, jobs))


def _places(jobs: int | None) -> list[Card | None]:
    """Where notebooks may run at once: on a card each, if there are cards."""
    found: list[Card | None] = [*gpus.visible()]
    return found[:jobs] or [None] * (jobs or 1)


@contextlib.contextmanager
def _cancelled_by_signals(task: asyncio.Task[Any] | None) -> Iterator[None]:
    """Let Ctrl-C, a termination or a lost terminal cancel ``task``, once.

    It then puts its kernels away; a second signal must not keep it from that.
    """
    loop = asyncio.get_running_loop()
    cancelled: list[bool] = []

    def cancel() -> None:
        if task and not cancelled:
            cancelled.append(task.cancel())

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, cancel)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


class _Execution:
    """One call of ``execute``: what its jobs share, and the messages of failures."""

    def __init__(self, settings: Settings, cache: Cache, force: bool, wait: bool):
        self.settings, self.cache = settings, cache
        self.force, self.wait = force, wait
        self.bases = Bases(settings)
        self.left: dict[Job, Cost] = {}
        self.messages: dict[Job, str] = {}

    async def run(self, work: dict[Job, Cost], jobs: int | None) -> list[str]:
        """Do the work; the messages of failures, in its order.

        Whatever needs no kernel comes first: it takes no place and no memory.
        """
        self.left = dict(work)
        with _cancelled_by_signals(asyncio.current_task()):
            try:
                await self.bases.ask({job.framework for job in work})
                for job in work:
                    await asyncio.sleep(0)  # a signal is heard here
                    self._settle_if_known(job)
                await scheduler.run(
                    self.left, self._run_at, _places(jobs), free_memory.free()
                )
            except asyncio.CancelledError:
                for job in self.left:
                    self.messages.setdefault(job, _message(job, _(INTERRUPTED)))
        return [self.messages[job] for job in work if job in self.messages]

    def _settle_if_known(self, job: Job) -> None:
        """Write a notebook whose result is known; one that fails is not run either."""
        with self._reported(job):
            if self.force or not self._settle(job):
                return
        del self.left[job]

    async def _run_at(self, job: Job, card: Card | None) -> None:
        """Run a notebook on ``card``, unless another command came first."""
        job.began, job.card = time.monotonic(), card
        with self._reported(job):
            async with _alone(job, self.wait):
                if self.force or not self._settle(job):
                    await self._run(job)
            del self.left[job]

    @contextlib.contextmanager
    def _reported(self, job: Job) -> Iterator[None]:
        """Keep the message of a failure; nothing gets past."""
        try:
            yield
        except asyncio.CancelledError:
            self.messages[job] = _message(job, _(INTERRUPTED))
        except (Failure, ChapterError) as failure:
            self.messages[job] = _message(job, str(failure))
        except Exception as error:  # a defect must not pass for success either
            told = _("unexpected error: {kind}: {error}")
            told = told.format(kind=type(error).__name__, error=error)
            self.messages[job] = _message(job, told)

    def _settle(self, job: Job) -> bool:
        """Bring a notebook up to date by what is known; False if it must run."""
        stored = record.load(job.path)
        notebook = notebooks.build(job.chapter, job.framework, job.settings, stored)
        source = _("up to date, not run")
        if not self.bases.is_fresh(stored, job.chapter, job.framework):
            first_key = self.bases.of(job.framework).key(job.code)
            is_current = partial(self._is_current, job)
            run = self.cache.restore(notebook, first_key, is_current)
            if run is None:
                return False
            _record(job, notebook, run)
            notebook = _with_values(job, notebook)
            source = _("taken from the cache")
        _write(job, notebook, source)
        return True

    async def _run(self, job: Job) -> None:
        """Run a notebook, keep its result in the cache and write it."""
        found = self.bases.of(job.framework)
        notebook = notebooks.build(job.chapter, job.framework, job.settings)
        run = await _outcome(job, notebook, found)
        if spoken := self.bases.versions(job.framework).language:
            run["language"] = spoken
        _record(job, notebook, run)
        try:
            self.cache.store(notebook, found.key(job.code), run)
        except OSError as error:  # the cache only saves work: the result stands without
            told = _("not put into the cache: {error}").format(error=error)
            say(job.progress(told))
        _write(job, _with_values(job, notebook), _("executed"))

    def _is_current(self, job: Job, run: dict[str, Any]) -> bool:
        return self.bases.is_current(run, job.chapter, job.framework)


def _message(job: Job, reason: str) -> str:
    """What to tell of a failure: where, why, and what became of the notebook."""
    kept = _("; the earlier notebook stays as it is") if job.path.exists() else ""
    return f"{job.line}: {job.place}: {reason}{kept}."


@contextlib.asynccontextmanager
async def _alone(job: Job, wait: bool) -> AsyncIterator[None]:
    """Keep other commands from this notebook; what a killed one left is put away."""
    folder = job.settings.root / "_build" / f".{MARK}_locks"
    path = folder / job.framework.key / f"{job.chapter.name}.lock"
    lock = AsyncFileLock(path)
    with writing_result():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            await lock.acquire(blocking=False)
        except Timeout:
            if not wait:
                raise Failure(
                    _(
                        "another command is running the notebook just now. Wait until "
                        "it ends and repeat the command"
                    )
                ) from None
            say(job.progress(_("another command is running it; waiting for that")))
            await lock.acquire(poll_interval=LOCK_SECONDS)
    try:
        writing.drop_leftovers(job.path)
        yield
    finally:
        await lock.release()


def _with_values(job: Job, notebook: NotebookNode) -> NotebookNode:
    """A notebook with its new outputs also in the prose that shows their values."""
    return notebooks.build(job.chapter, job.framework, job.settings, notebook)


def _write(job: Job, notebook: NotebookNode, source: str) -> None:
    job.current = len(job.chain) - 1
    with writing_result():
        writing.write(job.path, files.dumps(notebook))
    say(job.progress(source))


async def _outcome(job: Job, notebook: NotebookNode, found: Basis) -> dict[str, Any]:
    """Run every cell of ``notebook``; the record of the run.

    Ports are free when they are chosen, not when the kernel opens them; where many
    kernels start at once another one may have come first.
    """
    for _attempt in range(STARTS - 1):
        with contextlib.suppress(PortTaken):
            return await _run_once(job, notebook, found)
    return await _run_once(job, notebook, found)


async def _run_once(job: Job, notebook: NotebookNode, found: Basis) -> dict[str, Any]:
    """Run every cell in a new kernel.

    All of the book's own code counts as it is now, unless what was used gets known.
    """
    whole = for_run(found, {}, job.framework, job.settings, job.sources)
    started, clock = datetime.now().astimezone(), time.monotonic()
    _clear(notebook)
    with recording(job.framework, job.settings) as notes:
        async with (
            started_kernel(job, notes) as manager,
            watched_memory(manager) as memory,
        ):
            await run_cells(job, notebook, manager)
            connection = manager.connection_file
        seconds = time.monotonic() - clock
        used = notes.used(connection)
    for cell in code_cells(notebook):
        cell.outputs = merge_streams(cell.outputs)
    basis = whole if used is None else found.using(used)
    return {
        **basis.record(job.code),
        **({} if used is None else {"ran": used}),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "peak_memory": memory.peak,
        "machine": ", ".join([machine(), *([job.card.name] if job.card else [])]),
    }


def _clear(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
        cell.metadata.pop(MARK, None)


def _record(job: Job, notebook: NotebookNode, run: dict[str, Any]) -> None:
    notebook.metadata[MARK]["run"] = run
    notebook.metadata |= language.metadata(job.framework, run)
    for cell, (_source, link) in zip(code_cells(notebook), job.chain, strict=True):
        record.mark_executed(cell, link)
