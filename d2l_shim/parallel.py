"""Several workers that train one network: starting them, and sharing batches out.

A worker is a process that runs a script; each framework's ``parallel`` module says
with which launcher and variables, and how the workers exchange gradients. Here is what
is the same for all: waiting for the workers with a time limit, ending them all when one
fails, what they send back, and which part of a batch is whose.

Nothing here talks to a network by itself, and none of it knows of several machines.
"""

import contextlib
import ctypes
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from d2l_shim import batches, plotting
from d2l_shim.training import History

RANK, RESULTS = "RANK", "D2L_SHIM_RESULTS"
PATIENCE = 10  # seconds that a process gets to end when asked to
OUTPUT = "stdout.log"
ERRORS = "stderr.log"
ROOT = Path(__file__).resolve().parents[1]
# The last line of a traceback; PyTorch writes the number of the process in front.
RAISED = re.compile(r"^(?:\[rank\d+\]: ?)?([\w.]*(?:Error|Exception|Exit)\b.*)$", re.M)


class WorkerError(RuntimeError):
    """A worker ended without having done its work (Turkish)."""


@dataclass(frozen=True)
class Process:
    """A process to start: its command, and variables beside those of this process."""

    command: list
    variables: dict = field(default_factory=dict)


def launch(processes, folder, threads, timeout):
    """Run processes side by side until all are done; return what they sent back.

    What the first worker prints is shown here.

    Parameters
    ----------
    processes : list of Process
    folder : pathlib.Path
        An empty folder for what the processes leave behind.
    threads : int
        Cores that each process computes on.
    timeout : float
        Seconds after which all of them are ended.

    Returns
    -------
    list
        For each worker that called :func:`send_back`, in the order of their ranks, its
        value, or the tuple of them.

    Raises
    ------
    WorkerError
        A process failed or took too long; none is left running.
    """
    running = []
    try:
        for number, process in enumerate(processes):
            running.append(_start(process, folder / f"process{number}", threads))
        _wait(running, folder, time.monotonic() + timeout, timeout)
    finally:
        _end(running)
    print(_said(folder), end="")
    results = sorted(folder.glob("*.pickle"), key=lambda path: int(path.stem))
    return [pickle.loads(path.read_bytes()) for path in results]


@contextlib.contextmanager
def working_folder():
    """Give a folder that is gone afterwards, for :func:`launch`."""
    with tempfile.TemporaryDirectory(prefix="d2l_shim") as name:
        yield Path(name)


def _start(process, folder, threads):
    folder.mkdir()
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": str(threads),
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": str(threads),
        RESULTS: str(folder.parent),
        **process.variables,
    }
    with open(folder / OUTPUT, "w") as out, open(folder / ERRORS, "w") as errors:
        return subprocess.Popen(
            process.command, env=variables, stdout=out, stderr=errors
        )


def _wait(running, folder, deadline, timeout):
    while True:
        codes = [process.poll() for process in running]
        if failed := [code for code in codes if code]:
            raise WorkerError(
                f"Bir işçi işini bitiremeden kapandı: {_reason(folder, failed[0])}. "
                "Betiği düzeltip hücreyi yeniden çalıştırın."
            )
        if None not in codes:
            return
        if time.monotonic() > deadline:
            raise WorkerError(
                f"İşçiler {timeout:g} saniyede bitmedi, durduruldu. Birbirlerini "
                "bekliyor olabilirler; işi küçültün ya da timeout değerini büyütün."
            )
        time.sleep(0.05)


def _end(running):
    """End what still runs; workers that a launcher started end with it."""
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _reason(folder, code):
    """Return what the first traceback ends with; without one, how the process ended."""
    for path in sorted(folder.rglob(ERRORS), key=lambda path: path.stat().st_mtime):
        text = path.read_text(errors="replace")
        if "Traceback" in text and (raised := RAISED.search(text)):
            return raised[1].strip().rstrip(".")
    return f"{signal.Signals(-code).name} sinyali" if code < 0 else f"çıkış kodu {code}"


def _said(folder):
    """Return what the worker of rank 0 printed; a launcher puts it deeper down."""
    first = sorted(folder.rglob(f"0/{OUTPUT}")) or sorted(folder.rglob(OUTPUT))
    return first[0].read_text(errors="replace") if first else ""


def free_ports(count):
    """Return numbers of ports that nobody on this machine uses now, ascending."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return sorted(each.getsockname()[1] for each in sockets)


def send_back(*values):
    """Give values, such as a history, to the notebook that launched this worker.

    A history goes without its network. Where no notebook waits this does nothing.
    """
    if folder := os.environ.get(RESULTS):
        values = tuple(map(_without_network, values))
        path = Path(folder) / f"{os.environ.get(RANK, '0')}.pickle"
        path.write_bytes(pickle.dumps(values[0] if len(values) == 1 else values))


def _without_network(value):
    return replace(value, net=None) if isinstance(value, History) else value


def begin_worker():
    """See to it that this worker waits for nobody once there is nothing to wait for.

    An error ends the process at once: its engine would first wait for the others to
    finish as well. On Linux it also ends when the process that started it does.
    """
    if RESULTS not in os.environ:
        return
    sys.excepthook = _leave
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _leave(*error):
    traceback.print_exception(*error)
    sys.stderr.flush()
    os._exit(1)


@contextlib.contextmanager
def only_first(rank):
    """Show output of the first worker alone: the others would repeat it."""
    if rank == 0:
        yield
        return
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        with contextlib.redirect_stderr(nowhere):
            yield


def bounds(count, number, parts):
    """Return where part `number` of `count` examples begins and ends."""
    return count * number // parts, count * (number + 1) // parts


class Shares:
    """The parts of each batch that fall to this worker: a sized iterable.

    Every worker makes the whole batch and keeps its own part of it. That costs little
    beside the network, and all see the same order as one device alone would.

    Gives ``(parts, whole)`` for each batch: its number of examples, and for each of
    `numbers` ``(X, y, own)``. Where a batch is too small for all, `own` is 0 and X
    holds one example, which must not count: the exchange waits for every worker.

    Parameters
    ----------
    data_iter : sized iterable of (X, y)
    numbers : sequence of int
        Which parts are wanted.
    parts : int
        Into how many each batch is split.
    """

    def __init__(self, data_iter, numbers, parts):
        self.data_iter, self.numbers, self.parts = data_iter, numbers, parts

    def __len__(self):
        return len(self.data_iter)

    @property
    def enlarged(self):
        """As of the data: the budget asks."""
        return getattr(self.data_iter, "enlarged", False)

    def __iter__(self):
        for X, y in self.data_iter:
            yield [self._part(X, y, number) for number in self.numbers], len(y)

    def _part(self, X, y, number):
        first, last = bounds(len(y), number, self.parts)
        own = last - first
        if own == 0:
            first, last = 0, 1
        return X[first:last], y[first:last], own


def order_number():
    """Return a number below 2¹⁶ that tells the state of the generator of the order."""
    state = repr(batches._generator.bit_generator.state)
    return zlib.crc32(state.encode()) % 2**16


def check_order(total, workers):
    """Compare the sum of all :func:`order_number` with this worker's own.

    Raises
    ------
    ValueError
        The workers would see the examples in different orders.
    """
    if round(float(total)) != workers * order_number():
        raise ValueError(
            "İşçiler örnekleri farklı sıralarla görecekti, parçalar bir yığın etmezdi. "
            "Betiğin başında her işçi için aynı tohumu verin: d2l.seed(1)."
        )


def draw_curves(history):
    """Draw the curves of a training run that went on elsewhere.

    Parameters
    ----------
    history : d2l_shim.training.History
    """
    animator = plotting.Animator(
        xlabel="dönem",
        xlim=[0, len(history.test_accuracy)],
        legend=["eğitim kaybı", "eğitim doğruluğu", "test doğruluğu"],
        figsize=(4.5, 3.0),
    )
    tests = enumerate([history.untrained_accuracy, *history.test_accuracy])
    points = [(epoch, (None, None, accuracy)) for epoch, accuracy in tests]
    points += [(x, (loss, accuracy, None)) for x, loss, accuracy in history.curve]
    for x, y in sorted(points, key=lambda point: point[0]):
        animator.add(x, y)
