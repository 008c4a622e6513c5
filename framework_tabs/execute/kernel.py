"""Runs the cells of a notebook in a kernel; looks at its memory and its end."""

import asyncio
import contextlib
import errno
import logging
import os
import re
import signal
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psutil
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from ..messages import N_, _
from ..store.fingerprint import (
    kernel_environment,
)
from ..store.record import code_cells
from .job import DeadKernel, Failure, Job, PortTaken, say, writing_result
from .recording import Recording
from .versions import launches_ipykernel

STARTUP_SECONDS = 300
IOPUB_SECONDS = 60
HEARTBEAT_SECONDS = 60
MEMORY_SECONDS = 0.5
EXIT = N_(
    "the cell ends the program, and with it the cells below. Delete “exit” or “quit” "
    "from it"
)
_quiet = logging.getLogger(f"{__name__}.nbclient")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


@contextlib.asynccontextmanager
async def started_kernel(
    job: Job, recording: Recording
) -> AsyncIterator[AsyncKernelManager]:
    """A kernel in the page's folder, gone with all its children afterwards.

    What its process says outside of cells is shown only if it dies.
    """
    with writing_result():
        job.path.parent.mkdir(parents=True, exist_ok=True)
    manager = AsyncKernelManager(kernel_name=job.framework.kernel)
    with tempfile.TemporaryFile() as last_words:
        try:
            await manager.start_kernel(
                cwd=str(job.chapter.path.parent),
                env=_environment(job, manager, recording),
                extra_arguments=_options(manager),
                stderr=last_words,
            )
            yield manager
        except DeadKernel as death:
            last_words.seek(0)
            words = last_words.read().decode(errors="replace")
            if os.strerror(errno.EADDRINUSE) in words:
                raise PortTaken(*death.args) from None
            say(words[-2000:].strip())
            raise
        finally:
            await manager.shutdown_kernel(now=True)


def _options(manager: AsyncKernelManager) -> list[str]:
    """What Jupyter's kernel for Python is told: to write no history of its cells."""
    spec = manager.kernel_spec
    is_jupyters = spec is not None and launches_ipykernel(spec)
    return ["--HistoryManager.hist_file=:memory:"] if is_jupyters else []


def _environment(
    job: Job, manager: AsyncKernelManager, recording: Recording
) -> dict[str, str]:
    known = kernel_environment(job.settings)
    spec = manager.kernel_spec
    if spec and spec.language.lower() == "python" and job.settings.depends_on:
        known = recording.variables(known)
    return job.card.shown_alone(known) if job.card else known


@dataclass
class Memory:
    """The largest sum of resident bytes seen of a kernel and its children."""

    peak: int = 0


@contextlib.asynccontextmanager
async def watched_memory(manager: AsyncKernelManager) -> AsyncIterator[Memory]:
    """Look at the kernel's memory again and again, until it is no longer needed."""
    memory = Memory()
    pid = getattr(manager.provisioner, "pid", None)  # that of a local process

    async def watch() -> None:
        while True:
            memory.peak = max(memory.peak, _resident(pid) if pid else 0)
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


async def run_cells(
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
        on_cell_executed=_refuse_exit,
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
            _(
                "the kernel cannot be started: {error}. Check how it is installed"
            ).format(error=error)
        ) from None


def _refuse_exit(
    cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]
) -> None:
    """Let no cell end the kernel: ``exit`` is no error, and takes a moment."""
    payload = execute_reply["content"].get("payload") or []
    if any(each.get("source") == "ask_exit" for each in payload):
        raise Failure(_(EXIT))


async def _run_cell(job: Job, client: NotebookClient, cell: NotebookNode) -> None:
    place = next(n for n, each in enumerate(client.nb.cells) if each is cell)
    try:
        await client.async_execute_cell(cell, place)
    except CellExecutionError as error:
        raise Failure(_cell_error(cell, error)) from None
    except CellTimeoutError:
        raise Failure(
            _(
                "the cell did not end in {seconds} seconds. Make it faster or raise "
                "“timeout” in _config.yml"
            ).format(seconds=job.settings.timeout)
        ) from None
    except DeadKernelError:
        task = asyncio.current_task()
        if task and task.cancelling():
            # nbclient takes our own cancellation for the kernel's death.
            raise asyncio.CancelledError from None
        if isinstance(client.km, AsyncKernelManager):
            await _must_live(client.km)
        raise


async def _must_live(manager: AsyncKernelManager) -> None:
    """Raise Failure if the kernel's process has ended."""
    code = await manager.provisioner.poll() if manager.provisioner else None
    if code is None:
        return
    how = (
        _("exit code {code}").format(code=code)
        if code >= 0
        else _("signal {name}; there may have been too little memory").format(
            name=signal.Signals(-code).name
        )
    )
    told = _("the kernel ended by itself ({how}). Correct the cell or free memory")
    raise DeadKernel(told.format(how=how))


def _cell_error(cell: NotebookNode, error: CellExecutionError) -> str:
    """The error a cell raised, with Python's own account of it above."""
    for output in cell.outputs:
        if output.output_type == "error":
            say(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.traceback)))
    if error.ename == "SystemExit":
        return _(EXIT)
    if error.ename == "StdinNotImplementedError":
        return _(
            "the cell asks for input, which nobody can give while it is run. Write the "
            "value into the cell"
        )
    told = _("the cell raised {kind}: {error}. Correct it in the source")
    first = " ".join(error.evalue.splitlines()[:1])
    return told.format(kind=error.ename, error=first)


@contextlib.asynccontextmanager
async def _shown(job: Job) -> AsyncIterator[None]:
    """Say that a cell runs, and again every minute while it does."""

    async def beat() -> None:
        while True:
            say(job.progress(_("running")))
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
