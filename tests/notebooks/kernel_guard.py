"""Lets nbval run the book's notebooks briefly, and fail at once when a kernel is lost.

nbval alone waits its whole cell timeout for a kernel that has died, and reports the
cells after a timeout as expected failures. With this plugin a dead kernel is noticed
within seconds, and every cell after a lost kernel fails with the reason.

Notebooks of a framework that is not installed are skipped, or in CI fail.

This plugin neither executes nor compares cells: that is nbval's part.
"""

import os
import time
from functools import partial
from pathlib import Path
from queue import Empty

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel, start_new_kernel
from nbval.plugin import IPyNbCell, NbCellError

from framework_tabs import config as book_config
from framework_tabs.store.record import folder_of_page
from tests import policy

ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 1.0
OUTPUT_SECONDS = 60.0
INTERRUPT_SECONDS = 10.0
HISTORY = "--HistoryManager.hist_file=:memory:"
LOST = pytest.StashKey[str]()


class KernelDied(Exception):
    """The kernel's process has ended; the text says with which status."""


class GuardedKernel(RunningKernel):
    """A kernel on a smoke budget that is waited for only while its process lives.

    Like that of ``execute`` it runs in ``folder``, that of the notebook's chapter, and
    knows what it ran before: by that it shows nothing of a line that ends in ``;``.

    After an interrupt its messages are read for INTERRUPT_SECONDS more, so that a
    cell that swallows the interrupt and keeps printing comes to an end as well.
    """

    silence_at = float("inf")
    folder = None

    def __init__(self, *args, **kwargs):
        if self.folder is not None:
            kwargs["cwd"] = str(self.folder)
        start = partial(start_new_kernel, extra_arguments=[HISTORY])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("nbval.kernel.start_new_kernel", start)
            for name, value in notebook_environment(os.environ).items():
                patch.setenv(name, value)
            super().__init__(*args, **kwargs)

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """Let the kernel run a cell and remember it; return the message's identity."""
        return self.kc.execute(cell_input, allow_stdin=allow_stdin, stop_on_error=False)

    def get_message(self, stream, timeout=None):
        """Return the next message of a stream; raise Empty after `timeout` seconds."""
        seconds = float("inf") if timeout is None else timeout
        deadline = min(time.monotonic() + seconds, self.silence_at)
        while (left := deadline - time.monotonic()) > 0:
            try:
                return super().get_message(stream, timeout=min(POLL_SECONDS, left))
            except Empty:
                self.ensure_alive()
        raise Empty

    def ensure_alive(self):
        """Raise KernelDied, with the exit status in words, if the process has ended."""
        if not self.is_alive():
            status = self.km.provisioner.process.returncode
            self.stop()
            raise KernelDied(f"Jupyter çekirdeği kapandı ({in_words(status)})")

    def interrupt(self):
        self.silence_at = time.monotonic() + INTERRUPT_SECONDS
        super().interrupt()


def notebook_environment(environ):
    """Return the variables that a notebook under test gets on top of `environ`.

    A folder is made absolute, because a kernel works in the folder of its notebook.
    """
    shared = policy.SHARED_DATA
    default = shared if shared.is_dir() else "synthetic"
    data = environ.get("D2L_SHIM_DATA") or default
    if data != "synthetic":
        data = Path(data).expanduser().resolve()
    return {"D2L_SHIM_BUDGET": "smoke", "D2L_SHIM_DATA": str(data)}


def in_words(status):
    """Say what the exit status of a process means."""
    if status == -9:
        return "SIGKILL; bellek bitmiş olabilir"
    return f"{-status} numaralı sinyal" if status < 0 else f"çıkış kodu {status}"


def lose_kernel(cell, trouble, traceback=None):
    """Give the notebook's kernel up and return the error that says where and why."""
    notebook = cell.parent
    notebook.timed_out = False  # nbval would excuse the cells that follow
    if notebook.kernel.is_alive():
        notebook.kernel.stop()
    where = f"{cell.path.parent.name}/{cell.path.name}, {cell.cell_num}. kod hücresi"
    notebook.stash[LOST] = f"Çalıştırılmadı, çünkü çekirdek yitirildi: {where}."
    advice = "Sonraki hücreler çalıştırılmadı; nedeni bu hücrede arayın."
    return NbCellError(
        cell.cell_num, f"{where}: {trouble}. {advice}", cell.cell.source, traceback
    )


def packages_of(notebook):
    """Return the packages that the configuration names for a notebook's framework."""
    framework = notebook.metadata.get("framework_tabs", {}).get("framework")
    return book_config.load(ROOT).runners[framework].packages if framework else ()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Give a notebook up, before a kernel starts, if its framework is not here."""
    if isinstance(item, IPyNbCell):
        GuardedKernel.folder = folder_of_page(item.path)
        for package in packages_of(item.parent.nb):
            policy.require_package(package)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Turn the loss of a kernel into a failure of its cell and of all later ones."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    if LOST in item.parent.stash:
        reason = item.parent.stash[LOST]
        raise NbCellError(item.cell_num, reason, item.cell.source)
    item.output_timeout = OUTPUT_SECONDS
    traceback = None
    try:
        item.parent.kernel.ensure_alive()
        result = yield
    except KernelDied as death:
        raise lose_kernel(item, str(death)) from None
    except Exception as error:
        if not item.parent.timed_out:
            raise
        traceback = getattr(error, "inner_traceback", None)
    if item.parent.timed_out:
        limit = item.config.option.nbval_cell_timeout
        raise lose_kernel(item, f"hücre {limit:g} saniyede bitmedi", traceback)
    return result


def pytest_configure(config):
    nbval.plugin.RunningKernel = GuardedKernel
