"""Execute: run the notebooks whose outputs are not what they would be today.

One job stands for one notebook. It takes its results from the notebook itself, from
the cache or from a run, whichever comes first, and it either writes a complete
notebook or leaves the earlier one untouched. Chapters are turned into notebooks in
``notebooks``; what makes outputs outdated is decided in ``basis``.
"""

import asyncio
import contextlib
import logging
import os
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
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from . import notebooks
from .basis import (
    Basis,
    MissingPackage,
    basis,
    for_code,
    kernel_environment,
    machine,
)
from .cache import Cache
from .chapter import Cell, Chapter
from .config import Framework, Settings
from .notebooks import MARK, code_cells

CORES_EACH, GIB_EACH = 4, 8
"""What one notebook needs beside another: training uses every core it is given, so
that on few cores two notebooks at once only take memory from each other."""
STARTUP_SECONDS = 300
IOPUB_SECONDS = 60
HEARTBEAT_SECONDS = 60
MEMORY_SECONDS = 0.5

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


@dataclass
class Job:
    """One notebook to bring up to date.

    ``current`` is the 0-based number of the code cell that is being run; a failure is
    reported at its place.
    """

    chapter: Chapter
    framework: Framework
    settings: Settings
    current: int = 0
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
    force: bool = False,
) -> list[str]:
    """Bring the notebooks of these chapters and frameworks up to date.

    Returns one message (Turkish) for each notebook that failed; the others are
    written. An interruption counts as the failure of every unfinished notebook.
    """
    jobs = [
        Job(chapter, framework, settings)
        for chapter in chapters
        for framework in settings.runners_of(chapter).values()
        if framework in frameworks
    ]
    return asyncio.run(_run_all(jobs, settings, force))


def side_by_side() -> int:
    """How many notebooks may run at once on this machine; at least one."""
    cores = (os.cpu_count() or 1) // CORES_EACH
    memory = psutil.virtual_memory().available // (GIB_EACH * 2**30)
    return max(1, min(cores, memory))


async def _run_all(jobs: list[Job], settings: Settings, force: bool) -> list[str]:
    room = asyncio.Semaphore(side_by_side())
    bases: dict[str, Basis] = {}
    tasks = [asyncio.create_task(_attempt(job, bases, room, force)) for job in jobs]
    with _cancelled_by_signals(tasks):
        return [message for message in await asyncio.gather(*tasks) if message]


@contextlib.contextmanager
def _cancelled_by_signals(tasks: list[asyncio.Task]) -> Iterator[None]:
    """Let Ctrl-C, a termination or a lost terminal cancel ``tasks``, once.

    The tasks then put their kernels away themselves; a second signal must not keep
    them from it.
    """
    loop, cancelled = asyncio.get_running_loop(), []

    def cancel():
        if not cancelled:
            cancelled.extend(task for task in tasks if task.cancel())

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, cancel)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


async def _attempt(
    job: Job, bases: dict[str, Basis], room: asyncio.Semaphore, force: bool
) -> str | None:
    """Do one job; the message of its failure, if it fails."""
    try:
        async with room:
            job.began = time.monotonic()
            await _bring_up_to_date(job, bases, force)
            return None
    except asyncio.CancelledError:
        reason = "çalıştırma kesildi. Aynı komutla yeniden başlatın"
    except Failure as failure:
        reason = str(failure)
    except Exception as error:  # a defect must not pass for success either
        reason = f"beklenmeyen hata: {type(error).__name__}: {error}"
    kept = "; önceki defter olduğu gibi duruyor" if job.path.exists() else ""
    return f"{job.line}: {job.place}: {reason}{kept}."


async def _bring_up_to_date(job: Job, bases: dict[str, Basis], force: bool) -> None:
    key = job.framework.key
    if key not in bases:
        bases[key] = _basis(job)
    notebook = notebooks.build(job.chapter, job.framework, job.settings)
    code = job.chain[-1][1]
    sources = notebooks.sources(job.chapter, key)
    basis = for_code(bases[key], job.framework, job.settings, sources)
    source = None if force else _known_result(job, notebook, basis, code)
    if source is None:
        await _run(job, notebook, basis, code)
        source = "çalıştırıldı"
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


def _basis(job: Job) -> Basis:
    try:
        return basis(job.framework, job.settings)
    except MissingPackage as error:
        raise Failure(str(error).rstrip(".")) from None
    except NoSuchKernel as error:
        raise Failure(
            f"“{error.name}” adlı çekirdek yok. _config.yml dosyasındaki “kernel” "
            "değerini düzeltin ya da çekirdeği kurun"
        ) from None


def _known_result(
    job: Job, notebook: NotebookNode, basis: Basis, code: str
) -> str | None:
    """Where a valid result was found, put on ``notebook``; None if there is none."""
    run = notebook.metadata[MARK].get("run", {})
    cells = notebooks.outputs(job.chapter, job.framework.key, job.settings)
    if run.get("key") == basis.key(code) and all(c.status == "fresh" for c in cells):
        return "güncel, çalıştırılmadı"
    run = _cache(job.settings).restore(notebook, basis.key(code))
    if run is None:
        return None
    _record(job, notebook, run)
    return "önbellekten alındı"


def _cache(settings: Settings) -> Cache:
    return Cache(settings.root / "_build" / f".{MARK}_cache")


async def _run(job: Job, notebook: NotebookNode, basis: Basis, code: str) -> None:
    """Run every cell of ``notebook`` and record the run in it and in the cache."""
    started, clock = datetime.now().astimezone(), time.monotonic()
    _clear(notebook)
    async with _kernel(job) as manager, _memory(manager) as memory:
        await _run_cells(job, notebook, manager)
    for cell in code_cells(notebook):
        cell.outputs = merge_streams(cell.outputs)
    run = {
        **basis.record(code),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - clock, 1),
        "peak_memory": memory.peak,
        "machine": machine(),
    }
    _record(job, notebook, run)
    try:
        _cache(job.settings).store(notebook, run["key"], run)
    except Exception as error:  # the cache only saves work: the result stands without
        say(job.progress(f"önbelleğe konamadı: {error}"))


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
                env=kernel_environment(job.settings),
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
