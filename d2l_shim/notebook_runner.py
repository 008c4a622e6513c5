"""Runs a D2L notebook as it stands, with the shim in the place of ``d2l``.

The cells are not changed: the kernel has called ``d2l_shim.install()`` before the first
of them. Those that only install d2l are left out, since they would bring in its old
pins. The notebook with its outputs is written to another file after every cell, so
that nothing is lost with a later one. The command line is the business of ``__main__``.
"""

import asyncio
import contextlib
import logging
import os
import re
import shlex
import signal
import tempfile
import time
from pathlib import Path

import nbformat
from ipykernel.kernelspec import make_ipkernel_cmd
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from d2l_shim.fashion_mnist import SYNTHETIC, VARIABLE

STARTUP_SECONDS = 300
INSTALL = """
__import__("sys").path.append({folder!r})
__import__("d2l_shim").install()
"""

_quiet = logging.getLogger(f"{__name__}.nbclient")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


class RunError(Exception):
    """The notebook did not run to its end; the message is for the reader, in Turkish.

    `details` is what Python or the kernel itself said about it.
    """

    def __init__(self, message, details=""):
        super().__init__(message)
        self.details = details


def read(path):
    """Return the notebook in a file, without its outputs.

    Raises
    ------
    RunError
        The file holds something else.
    OSError
        It can not be read.
    """
    text = path.read_bytes()
    try:
        notebook = nbformat.reads(text.decode(), as_version=4)
        for cell in _code_cells(notebook):
            cell.outputs, cell.execution_count = [], None
    except Exception as error:  # nbformat raises what happens to go wrong
        raise RunError(
            "bir Jupyter defteri değil. Bir .ipynb dosyası verin."
        ) from error
    return notebook


def write(notebook, path):
    """Write a notebook to a file that is never half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def run(notebook, folder, output, timeout, say):
    """Run the cells of a notebook in order.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Its code cells get their outputs.
    folder : Path
        The working folder of its kernel.
    output : Path
        Where it is written after each cell.
    timeout : float or None
        Seconds that one cell may take.
    say : callable
        Takes a line of Turkish text about each cell.

    Raises
    ------
    RunError
        A cell raised an exception or took too long, the kernel died or did not start,
        or the run was interrupted. The other cells are as they were.
    OSError
        The notebook could not be written.
    """
    asyncio.run(_Run(notebook, folder, output, timeout, say).run())


def only_installs_d2l(source):
    """Return whether a cell does nothing but install d2l, or MXNet for it, with pip."""
    source = re.sub(r"(?m)(^|\s)#.*$", "", source.replace("\\\n", " "))
    commands = [line.strip() for line in source.splitlines() if line.strip()]
    return bool(commands) and all(map(_installs_d2l, commands))


_PIP = re.compile(r"[!%]\s*((\S*python[\d.]*|\{.*?\})\s+-m\s+)?pip[\d.]*\s+install\s")
_D2L = re.compile(r"(d2l|mxnet(-\w+)*)(\[.*\])?([=<>~!].*)?|\S*://\S*/d2l-\S*")
_OPTIONS_WITH_VALUE = {"-i", "--index-url", "--extra-index-url", "-f", "--find-links"}


def _installs_d2l(command):
    pip = _PIP.match(command)
    words = iter(shlex.split(command[pip.end() :]) if pip else [])
    packages = []
    for word in words:
        if word in _OPTIONS_WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            packages.append(word)
    return bool(packages) and all(map(_D2L.fullmatch, packages))


def _environment():
    """Return the kernel's variables: a folder of data is named from here, not there."""
    data = os.environ.get(VARIABLE)
    if data in (None, "", SYNTHETIC):
        return dict(os.environ)
    return os.environ | {VARIABLE: str(Path(data).expanduser().resolve())}


def _code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


class _ThisPython(KernelSpecManager):
    """Knows one kernel, the Python that this program runs in.

    Notebooks of D2L may name kernels that only their authors' machines have.
    """

    def get_kernel_spec(self, kernel_name):
        return KernelSpec(argv=make_ipkernel_cmd(), language="python")


class _Run:
    """One run of a notebook; `number` counts code cells, from 1, and 0 is the start."""

    def __init__(self, notebook, folder, output, timeout, say):
        self.notebook, self.folder, self.output = notebook, folder, output
        self.timeout, self.say = timeout, say
        self.manager = AsyncKernelManager(kernel_spec_manager=_ThisPython())
        self.number, self.began = 0, time.monotonic()
        self.interruption = None

    async def run(self):
        client = NotebookClient(
            self.notebook,
            km=self.manager,
            log=_quiet,
            timeout=self.timeout,
            startup_timeout=STARTUP_SECONDS,
            record_timing=False,
            store_widget_state=False,
        )
        with self._interruptible(), tempfile.TemporaryFile() as self.last_words:
            try:
                await self._start(client)
                await self._run_cells(client)
            except asyncio.CancelledError:
                raise self._interrupted() from None
            finally:
                if client.kc is not None:
                    client.kc.stop_channels()
                await self.manager.shutdown_kernel(now=True)

    @contextlib.contextmanager
    def _interruptible(self):
        """Have the first Ctrl-C interrupt the cell and the second one everything.

        An interrupted training ends by itself and keeps what it has reached.
        """
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop():
            if self.number == 0 or self.interruption:
                task.cancel()
            else:
                self.say("Hücre durduruluyor; beklememek için bir daha Ctrl-C.")
                self.interruption = asyncio.ensure_future(
                    self.manager.interrupt_kernel()
                )

        signals = (signal.SIGINT, signal.SIGTERM)
        for number in signals:
            loop.add_signal_handler(number, stop)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)

    async def _start(self, client):
        await self.manager.start_kernel(
            cwd=str(self.folder),
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
            env=_environment(),
            stderr=self.last_words,
        )
        try:
            await client.async_start_new_kernel_client()
        except RuntimeError as error:
            raise RunError(
                f"çekirdek başlamadı ({error}). ipykernel paketini yeniden kurun.",
                self._said_last(),
            ) from error
        code = INSTALL.format(folder=str(Path(__file__).parents[1]))
        reply = await client.kc.execute(
            code, silent=True, store_history=False, reply=True, timeout=STARTUP_SECONDS
        )
        if reply["content"]["status"] != "ok":
            raise RunError(
                "d2l_shim çekirdekte içe aktarılamadı. Paketi yeniden kurun.",
                "\n".join(reply["content"]["traceback"]),
            )
        self.last_words.seek(0)
        self.last_words.truncate()  # remarks of a kernel that has come up well

    async def _run_cells(self, client):
        for index, cell in enumerate(self.notebook.cells):
            if cell.cell_type != "code":
                continue
            self.number += 1
            if only_installs_d2l(cell.source):
                self._progress("atlandı: yalnız d2l kuruyor, onun yerinde d2l_shim var")
                continue
            self._progress(next(iter(cell.source.splitlines()), ""))
            try:
                await self._run_cell(client, cell, index)
            finally:
                write(self.notebook, self.output)

    async def _run_cell(self, client, cell, index):
        try:
            await client.async_execute_cell(cell, index)
        except CellTimeoutError:
            raise self._failed(
                f"{self.timeout:g} saniyede bitmedi. --timeout değerini büyütün."
            ) from None
        except CellExecutionError as error:
            if not self.interruption:
                raise self._cell_error(cell, error) from None
        except DeadKernelError:
            if not self.interruption:
                raise await self._death() from None
        if self.interruption:
            raise self._interrupted()

    def _progress(self, text):
        minutes, seconds = divmod(round(time.monotonic() - self.began), 60)
        count = f"{self.number}/{len(_code_cells(self.notebook))}"
        self.say(f"[kod hücresi {count}, geçen süre {minutes}:{seconds:02d}] {text}")

    def _failed(self, text, details=""):
        return RunError(f"{self.number}. kod hücresi {text}", details)

    def _interrupted(self):
        where = f"{self.number}. kod hücresinde" if self.number else "başlarken"
        return RunError(f"{where} kesildi. Baştan çalıştırmak için komutu yineleyin.")

    def _cell_error(self, cell, error):
        details = [o.traceback for o in cell.outputs if o.output_type == "error"]
        told = " ".join(error.evalue.splitlines()[:1])
        return self._failed(
            f"hata verdi ({error.ename}: {told}). Hücreyi düzeltip komutu yineleyin.",
            "\n".join(line for lines in details for line in lines),
        )

    async def _death(self):
        code = await self.manager.provisioner.poll()
        how = f"çıkış kodu {code}"
        if code is not None and code < 0:
            how = f"{signal.Signals(-code).name}; bellek yetmemiş olabilir"
        return self._failed(
            f"çekirdeği kapattı ({how}). Daha küçük bir yığın boyutu deneyin.",
            self._said_last(),
        )

    def _said_last(self):
        self.last_words.seek(0)
        return self.last_words.read().decode(errors="replace")[-2000:].strip()
