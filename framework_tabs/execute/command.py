"""Execute: run the notebooks whose outputs are not what they would be today.

One job stands for one notebook. It takes its results from the notebook itself, from
the cache or from a run, whichever comes first, and it either writes a complete
notebook or leaves the earlier one untouched. Chapters are turned into notebooks in
``notebooks``; what makes outputs outdated is decided in ``basis``.
"""

import asyncio
import contextlib
import logging
import re
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psutil
from filelock import FileLock, Timeout
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from . import cards, memory, notebooks, packing
from .basis import (
    Basis,
    MissingPackage,
    basis,
    for_code,
    kernel_environment,
    machine,
)
from .cache import Cache
from .cards import Card
from .chapter import Cell, Chapter, ChapterError
from .config import Framework, Settings
from .notebooks import MARK, code_cells
from .shares import Cost, costs, lengths, share

STARTUP_SECONDS = 300
IOPUB_SECONDS = 60
HEARTBEAT_SECONDS = 60
MEMORY_SECONDS = 0.5
INTERRUPTED = "çalıştırma kesildi. Aynı komutla yeniden başlatın"

_quiet = logging.getLogger(f"{__name__}.nbclient")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


def say(text: str) -> None:
    """Show progress: one line on standard error."""
    print(text, file=sys.stderr, flush=True)


class Failure(Exception):
    """Why a job ended without a result; ``str()`` is the reason, in Turkish."""


class DeadKernel(Failure):
    """The reason is that the kernel's process ended or never came up."""


@dataclass(eq=False)
class Job:
    """One notebook to bring up to date.

    ``current`` is the 0-based number of the code cell that is being run; a failure is
    reported at its place. ``card`` is the graphics card that its kernel sees, if any.
    """

    chapter: Chapter
    framework: Framework
    settings: Settings
    current: int = 0
    card: Card | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return notebooks.path_for(self.settings, self.framework.key, self.chapter)

    @property
    def chain(self) -> list[tuple[Cell, str]]:
        """The notebook's code cells with their chain digests."""
        return notebooks.code_chain(self.chapter, self.framework.key)

    @property
    def place(self) -> str:
        """Chapter, framework and cell, as in "alexnet, PyTorch, hücre 3/12"."""
        number = f"hücre {self.current + 1}/{len(self.chain)}"
        return f"{self.chapter.name}, {self.framework.label}, {number}"

    @property
    def line(self) -> str:
        """Where the current cell is written, as in "chapters/alexnet.md:142"."""
        return f"{self.chapter.source}:{self.chain[self.current][0].line}"

    def progress(self, text: str) -> str:
        """A progress line with the time since the job began."""
        minutes, seconds = divmod(round(time.monotonic() - self.began), 60)
        return f"{self.place}: {text} (geçen süre {minutes}:{seconds:02d})"


def execute(
    chapters: list[Chapter],
    frameworks: list[Framework],
    settings: Settings,
    *,
    force: bool = False,
    shard: tuple[int, int] = (1, 1),
    jobs: int | None = None,
    cache: Path | None = None,
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

    Returns
    -------
    list of str
        One message (Turkish) for each notebook that failed; the others are written. An
        interruption counts as the failure of every unfinished notebook.
    """
    all_jobs = [
        Job(chapter, framework, settings)
        for chapter in chapters
        for framework in settings.runners_of(chapter).values()
        if framework in frameworks
    ]
    paths = [job.path for job in all_jobs]
    expected = costs(paths, settings.root)
    mine = share(lengths(paths, settings.root), *shard)
    work = {all_jobs[place]: expected[place] for place in mine}
    cache = cache or settings.root / "_build" / f".{MARK}_cache"
    return asyncio.run(_Execution(settings, Cache(cache), force).run(work, jobs))


def _places(jobs: int | None) -> list[Card | None]:
    """Where notebooks may run at once: on a card each, if there are cards."""
    found = cards.visible()
    return found[:jobs] if found else [None] * (jobs or 1)


@contextlib.contextmanager
def _cancelled_by_signals(task: asyncio.Task) -> Iterator[None]:
    """Let Ctrl-C, a termination or a lost terminal cancel ``task``, once.

    It then puts its kernels away; a second signal must not keep it from that.
    """
    loop, cancelled = asyncio.get_running_loop(), []

    def cancel():
        if not cancelled:
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

    def __init__(self, settings: Settings, cache: Cache, force: bool):
        self.settings, self.cache, self.force = settings, cache, force
        self.bases: dict[str, Basis] = {}
        self.left: dict[Job, Cost] = {}
        self.messages: dict[Job, str] = {}

    async def run(self, work: dict[Job, Cost], jobs: int | None) -> list[str]:
        """Do the work; the messages of failures, in its order.

        Whatever needs no kernel comes first: it takes no place and no memory.
        """
        self.left = dict(work)
        with _cancelled_by_signals(asyncio.current_task()):
            try:
                for job in work:
                    await asyncio.sleep(0)  # a signal is heard here
                    self._settle_if_known(job)
                await packing.run(self.left, self._run_at, _places(jobs), memory.free())
            except asyncio.CancelledError:
                for job in self.left:
                    self.messages.setdefault(job, _message(job, INTERRUPTED))
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
            with _alone(job):
                if self.force or not self._settle(job):
                    await self._run(job)
            del self.left[job]

    @contextlib.contextmanager
    def _reported(self, job: Job) -> Iterator[None]:
        """Keep the message of a failure; nothing gets past."""
        try:
            yield
        except asyncio.CancelledError:
            self.messages[job] = _message(job, INTERRUPTED)
        except (Failure, ChapterError) as failure:
            self.messages[job] = _message(job, str(failure))
        except Exception as error:  # a defect must not pass for success either
            told = f"beklenmeyen hata: {type(error).__name__}: {error}"
            self.messages[job] = _message(job, told)

    def _settle(self, job: Job) -> bool:
        """Bring a notebook up to date by what is known; False if it must run."""
        key = self._key(job)
        notebook = notebooks.build(job.chapter, job.framework, job.settings)
        cells = notebooks.outputs(job.chapter, job.framework.key, job.settings)
        run = notebook.metadata[MARK].get("run", {})
        source = "güncel, çalıştırılmadı"
        if run.get("key") != key or any(cell.status != "fresh" for cell in cells):
            run = self.cache.restore(notebook, key)
            if run is None:
                return False
            _record(job, notebook, run)
            source = "önbellekten alındı"
        _write(job, notebook, source)
        return True

    async def _run(self, job: Job) -> None:
        """Run a notebook, keep its result in the cache and write it."""
        notebook = notebooks.build(job.chapter, job.framework, job.settings)
        run = await _outcome(job, notebook)
        run = {**self._basis(job).record(job.chain[-1][1]), **run}
        _record(job, notebook, run)
        try:
            self.cache.store(notebook, run["key"], run)
        except OSError as error:  # the cache only saves work: the result stands without
            say(job.progress(f"önbelleğe konamadı: {error}"))
        _write(job, notebook, "çalıştırıldı")

    def _key(self, job: Job) -> str:
        return self._basis(job).key(job.chain[-1][1])

    def _basis(self, job: Job) -> Basis:
        """What the notebook's outputs rest on; the framework's is looked up once."""
        key = job.framework.key
        if key not in self.bases:
            self.bases[key] = _look_up(job)
        sources = notebooks.sources(job.chapter, key)
        return for_code(self.bases[key], job.framework, job.settings, sources)


def _message(job: Job, reason: str) -> str:
    """What to tell of a failure: where, why, and what became of the notebook."""
    kept = "; önceki defter olduğu gibi duruyor" if job.path.exists() else ""
    return f"{job.line}: {job.place}: {reason}{kept}."


@contextlib.contextmanager
def _alone(job: Job) -> Iterator[None]:
    """Keep other commands from this notebook; what a killed one left is put away."""
    folder = job.settings.root / "_build" / f".{MARK}_locks"
    lock = FileLock(folder / f"{job.framework.key}-{job.chapter.name}.lock")
    with _writing():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise Failure(
                "defteri şu anda başka bir komut çalıştırıyor. Onun bitmesini "
                "bekleyip komutu yineleyin"
            ) from None
    try:
        notebooks.drop_leftovers(job.path)
        yield
    finally:
        lock.release()


def _write(job: Job, notebook: NotebookNode, source: str) -> None:
    job.current = len(job.chain) - 1
    with _writing():
        notebooks.write(job.path, notebooks.dumps(notebook))
    say(job.progress(source))


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    """Turn what the disk refuses into a Failure."""
    try:
        yield
    except OSError as error:
        raise Failure(
            f"sonuç yazılamadı: {error.strerror or error}. Diskte yer açın ya da "
            "klasörün iznini düzeltin"
        ) from None


def _look_up(job: Job) -> Basis:
    try:
        return basis(job.framework, job.settings)
    except MissingPackage as error:
        raise Failure(str(error).rstrip(".")) from None
    except NoSuchKernel as error:
        raise Failure(
            f"“{error.name}” adlı çekirdek yok. _config.yml dosyasındaki “kernel” "
            "değerini düzeltin ya da çekirdeği kurun"
        ) from None


async def _outcome(job: Job, notebook: NotebookNode) -> dict:
    """Run every cell of ``notebook``; when, how long, in how much memory, where."""
    started, clock = datetime.now().astimezone(), time.monotonic()
    _clear(notebook)
    async with _kernel(job) as manager, _memory(manager) as used:
        await _run_cells(job, notebook, manager)
    for cell in code_cells(notebook):
        cell.outputs = merge_streams(cell.outputs)
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - clock, 1),
        "peak_memory": used.peak,
        "machine": ", ".join([machine(), *([job.card.name] if job.card else [])]),
    }


def _clear(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
        cell.metadata.pop(MARK, None)


def _record(job: Job, notebook: NotebookNode, run: dict) -> None:
    notebook.metadata[MARK]["run"] = run
    for cell, (_, digest) in zip(code_cells(notebook), job.chain, strict=True):
        notebooks.mark_executed(cell, digest)


@contextlib.asynccontextmanager
async def _kernel(job: Job) -> AsyncIterator[AsyncKernelManager]:
    """A kernel in the notebook's folder, gone with all its children afterwards.

    What its process says outside of cells is shown only if it dies.
    """
    with _writing():
        job.path.parent.mkdir(parents=True, exist_ok=True)
    manager = AsyncKernelManager(kernel_name=job.framework.kernel)
    with tempfile.TemporaryFile() as last_words:
        try:
            await manager.start_kernel(
                cwd=str(job.path.parent),
                env=_environment(job),
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
                stderr=last_words,
            )
            yield manager
        except DeadKernel:
            last_words.seek(0)
            say(last_words.read().decode(errors="replace")[-2000:].strip())
            raise
        finally:
            await manager.shutdown_kernel(now=True)


def _environment(job: Job) -> dict[str, str]:
    known = kernel_environment(job.settings)
    return job.card.shown_alone(known) if job.card else known


@dataclass
class Memory:
    """The largest sum of resident bytes seen of a kernel and its children."""

    peak: int = 0


@contextlib.asynccontextmanager
async def _memory(manager: AsyncKernelManager) -> AsyncIterator[Memory]:
    """Look at the kernel's memory again and again, until it is no longer needed."""
    memory, pid = Memory(), manager.provisioner.pid

    async def watch():
        while True:
            memory.peak = max(memory.peak, _resident(pid))
            await asyncio.sleep(MEMORY_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield memory
    finally:
        watching.cancel()


def _resident(pid: int) -> int:
    """Resident bytes of a process and its descendants; 0 once it has ended."""
    total = 0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += each.memory_info().rss
    return total


async def _run_cells(
    job: Job, notebook: NotebookNode, manager: AsyncKernelManager
) -> None:
    """Run the code cells in order; raises Failure at the first that does not end well.

    Streams are merged afterwards and not by nbclient, which looks for the output of a
    display_id by its place and would miss it after a merge.
    """
    client = NotebookClient(
        notebook,
        km=manager,
        log=_quiet,
        timeout=job.settings.timeout,
        startup_timeout=STARTUP_SECONDS,
        iopub_timeout=IOPUB_SECONDS,
        raise_on_iopub_timeout=True,
        record_timing=False,
        store_widget_state=False,
    )
    try:
        await _start_client(client)
        for job.current, cell in enumerate(code_cells(notebook)):
            async with _shown(job):
                await _run_cell(job, client, cell)
        await _must_live(manager)
    finally:
        if client.kc is not None:
            client.kc.stop_channels()


async def _start_client(client: NotebookClient) -> None:
    try:
        await client.async_start_new_kernel_client()
    except RuntimeError as error:
        raise DeadKernel(
            f"çekirdek başlatılamadı: {error}. ipykernel kurulumunu denetleyin"
        ) from None


async def _run_cell(job: Job, client: NotebookClient, cell: NotebookNode) -> None:
    place = next(n for n, each in enumerate(client.nb.cells) if each is cell)
    try:
        await client.async_execute_cell(cell, place)
    except CellExecutionError as error:
        raise Failure(_cell_error(cell, error)) from None
    except CellTimeoutError:
        raise Failure(
            f"hücre {job.settings.timeout} saniyede bitmedi. Hücreyi hızlandırın ya da "
            "_config.yml dosyasında “timeout” değerini büyütün"
        ) from None
    except DeadKernelError:
        if asyncio.current_task().cancelling():
            # nbclient takes our own cancellation for the kernel's death.
            raise asyncio.CancelledError from None
        await _must_live(client.km)
        raise


async def _must_live(manager: AsyncKernelManager) -> None:
    """Raise Failure if the kernel's process has ended."""
    code = await manager.provisioner.poll()
    if code is None:
        return
    how = (
        f"çıkış kodu {code}"
        if code >= 0
        else f"{signal.Signals(-code).name} sinyali; bellek yetmemiş olabilir"
    )
    raise DeadKernel(
        f"çekirdek kendiliğinden sonlandı ({how}). Hücreyi düzeltin ya da bellek açın"
    )


def _cell_error(cell: NotebookNode, error: CellExecutionError) -> str:
    """The error a cell raised, with Python's own account of it above."""
    for output in cell.outputs:
        if output.output_type == "error":
            say(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.traceback)))
    told = " ".join(error.evalue.splitlines()[:1])
    return f"hücre hata verdi: {error.ename}: {told}. Hücreyi kaynakta düzeltin"


@contextlib.asynccontextmanager
async def _shown(job: Job) -> AsyncIterator[None]:
    """Say that a cell runs, and again every minute while it does."""

    async def beat():
        while True:
            say(job.progress("çalışıyor"))
            await asyncio.sleep(HEARTBEAT_SECONDS)

    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join consecutive stream outputs of one name and settle their lines.

    A progress bar rewrites its line after a carriage return; what stays is what a
    terminal would show at the end: nothing if the bar wiped itself away.
    """
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            merged.append(output)
    for output in merged:
        if output.output_type == "stream":
            output.text = "\n".join(map(_settled, output.text.split("\n")))
    return [output for output in merged if output.get("text", "-").strip(" ")]


def _settled(line: str) -> str:
    result = ""
    for part in line.split("\r"):
        result = part + result[len(part) :]
    return result
