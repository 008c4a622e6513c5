"""What a training run shows while it goes on and remembers when it is over.

The loop itself, forward, backward and update, stands in the framework modules. Here is
the part that is the same for all: epochs within the budget, sums over the examples,
progress bar, curves, clock and the final report. Nothing here waits for a device more
than five times an epoch.
"""

import os
import platform
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from IPython.display import display
from tqdm import tqdm

from d2l_shim import budget, fashion_mnist, memory, plotting

POINTS_PER_EPOCH = 5
STEPS_BEFORE_ESTIMATE = 3
LONG_RUN_MINUTES = 5


class Timer:
    """A stopwatch that keeps every lap, in seconds (D2L, section 3.1)."""

    def __init__(self):
        self.times = []
        self.start()

    def start(self):
        """Start a lap."""
        self.tik = time.perf_counter()

    def stop(self):
        """End the lap, keep it and return it."""
        self.times.append(time.perf_counter() - self.tik)
        return self.times[-1]

    def avg(self):
        """Return the mean of the laps."""
        return self.sum() / len(self.times)

    def sum(self):
        """Return the sum of the laps."""
        return sum(self.times)

    def cumsum(self):
        """Return the running sums of the laps as a list."""
        return np.cumsum(self.times).tolist()


class Accumulator:
    """`n` running sums, each a float (D2L, section 3.6)."""

    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        """Add one number to each sum. A tensor of one number counts as a number."""
        numbers = map(_to_float, args)
        self.data = [a + b for a, b in zip(self.data, numbers, strict=True)]

    def reset(self):
        """Set every sum to zero."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, index):
        return self.data[index]


def _to_float(number):
    """Return a float, also of a tensor that PyTorch or MXNet keeps a gradient for."""
    return float(number.detach() if hasattr(number, "detach") else number)


class Sums(Accumulator):
    """Sums that may be tensors: adding to them waits for no device."""

    def add(self, *args):
        self.data = [a + b for a, b in zip(self.data, args, strict=True)]


def means(sums):
    """Return the means over the examples of :class:`Sums`.

    Its last sum is the number of examples; the others may be tensors.
    """
    *totals, count = sums.data
    if not count:
        raise ValueError(
            "Değerlendirilecek veri yok: yineleyici hiç yığın vermedi. "
            "Test kümesini ve batch_size değerini denetleyin."
        )
    return tuple(float(total) / count for total in totals)


@dataclass
class History:
    """What a training run leaves behind.

    Attributes
    ----------
    train_loss, train_accuracy : list of float
        One number an epoch: mean cross-entropy in nats, and a fraction in [0, 1]. They
        are taken while the network learns, with dropout on.
    test_loss, test_accuracy : list of float
        The same on the test data, measured after each epoch, with dropout off.
    untrained_loss, untrained_accuracy : float
        On the test data before the first step: what chance alone gives.
    curve : list of (float, float, float)
        Epoch so far, mean loss and accuracy since the epoch began; five an epoch.
    examples : int
        Training examples seen, counted one by one.
    seconds : float
        Time for loading, forward, backward and update; evaluation and drawing the
        curves are left out.
    device : str
        Where it ran, such as ``cpu`` or ``cuda:0``.
    net : object
        The trained network, in its framework's own type.
    interrupted : bool
        Whether the run was stopped before its last epoch was over.
    """

    device: str
    net: object = field(repr=False)
    train_loss: list = field(default_factory=list)
    train_accuracy: list = field(default_factory=list)
    test_loss: list = field(default_factory=list)
    test_accuracy: list = field(default_factory=list)
    untrained_loss: float = float("nan")
    untrained_accuracy: float = float("nan")
    curve: list = field(default_factory=list, repr=False)
    examples: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def examples_per_second(self):
        """Training examples per second of training time."""
        return self.examples / self.seconds if self.seconds else 0.0

    def report(self):
        """Return loss, both accuracies and the speed as two lines of Turkish text."""
        if not self.test_accuracy:
            return "Tamamlanan dönem yok."
        return (
            f"kayıp {self.train_loss[-1]:.3f}, "
            f"eğitim doğruluğu {self.train_accuracy[-1]:.3f}, "
            f"test doğruluğu {self.test_accuracy[-1]:.3f}\n"
            f"{self.examples_per_second:.1f} örnek/sn, aygıt: {self.device}"
        )


class _StatusLine:
    """One line of text that is replaced in place: what tqdm writes its bar to.

    In a notebook the line is a display that is updated, so that the finished page
    holds the last text alone. Elsewhere it is the terminal's own line.
    """

    def __init__(self):
        self._handle = None

    def write(self, text):
        text = text.strip("\r\n ")
        if text and plotting.can_update():
            self.replace(text)
        elif text:
            sys.stderr.write(f"\r{text}")

    def flush(self):
        sys.stderr.flush()

    def replace(self, text):
        bundle = {"text/plain": text}
        if self._handle is None:
            self._handle = display(bundle, display_id=True, raw=True)
        else:
            self._handle.update(bundle, raw=True)

    def finish(self, text):
        """Leave `text` where the progress bar was."""
        if plotting.can_update():
            self.replace(text)
        else:
            sys.stderr.write("\n")
            print(text)


class TrainingRun:
    """Book-keeping for one call of ``train_ch6``.

    Use: ``run.begin(loss, accuracy)`` with the untrained network's test figures, then
    ``for epoch in run.epochs()``, in it ``for X, y in run.batches(train_iter)`` with
    ``run.add(...)`` after each step, then ``run.end_epoch(loss, accuracy)``; all of it
    within ``with run:``, which keeps what there is if the reader interrupts.

    Parameters
    ----------
    net : object
        The network, handed on to the history.
    train_iter : sized iterable
        Its length, the number of batches, must be known and not zero.
    num_epochs : int
        Epochs asked for; the budget may allow fewer.
    device : str
        Name of the device for the report.
    """

    def __init__(self, net, train_iter, num_epochs, device):
        self.num_batches = _number_of_batches(train_iter)
        self.num_epochs = budget.limit_epochs(
            num_epochs, getattr(train_iter, "enlarged", False)
        )
        self.history = History(device=str(device), net=net)
        self._timer = Timer()
        self._sums = Sums(3)
        self._memory = memory.kept()
        on_cpu = "cpu" in str(device).lower()
        self._estimate_due = on_cpu and budget.current().name == "full"

    def __enter__(self):
        self._memory.__enter__()
        self._animator = plotting.Animator(
            xlabel="dönem",
            xlim=[0, self.num_epochs],
            legend=["eğitim kaybı", "eğitim doğruluğu", "test doğruluğu"],
            figsize=(4.5, 3.0),
        )
        self._status = _StatusLine()
        self._bar = tqdm(
            total=self.num_epochs * self.num_batches,
            file=self._status,
            bar_format="{desc} |{bar:20}| %{percentage:.0f}, kalan süre {remaining}",
            desc=f"dönem 1/{self.num_epochs}",
            mininterval=1.0,
            ascii=" ▏▎▍▌▋▊▉█",
            leave=False,
        )
        return self

    def __exit__(self, error_type, error, traceback):
        self._memory.__exit__(None, None, None)
        self._bar.disable = True  # tqdm would clear the line that now holds the report
        interrupted = error_type is not None and issubclass(
            error_type, KeyboardInterrupt
        )
        if error_type is None or interrupted:
            self.history.interrupted = interrupted
            self._status.finish(self._closing_text())
        return interrupted

    def _closing_text(self):
        report = self.history.report()
        if self.history.interrupted:
            done = len(self.history.test_accuracy)
            return (
                f"Eğitim {self.num_epochs} dönemden {done} tanesi bitince durduruldu; "
                f"o ana kadarki eğriler ve geçmiş duruyor.\n{report}"
            )
        return report

    def begin(self, test_loss, test_accuracy):
        """Note loss (nats) and accuracy (fraction) on the test data before training."""
        self.history.untrained_loss = test_loss
        self.history.untrained_accuracy = test_accuracy
        self._animator.add(0, (None, None, test_accuracy))

    def epochs(self):
        """Yield 0, 1, …: as many epochs as the budget allows."""
        for epoch in range(self.num_epochs):
            self.epoch = epoch
            self._sums.reset()
            self._bar.set_description_str(
                f"dönem {epoch + 1}/{self.num_epochs}", refresh=False
            )
            yield epoch

    def batches(self, train_iter):
        """Yield the batches of one epoch, with the clock and the bar running."""
        self._timer.start()
        try:
            count = 0
            for count, batch in enumerate(train_iter, start=1):
                yield batch
                self._after_step(count)
            if count == 0:
                raise _no_batches()
            self._record_curve(1.0)
        finally:  # also when the reader interrupts the step
            self.history.seconds += self._timer.stop()

    def add(self, loss_sum, num_correct, num_examples):
        """Add one batch: summed loss, correct predictions, number of examples.

        The first two may be tensors; they stay on their device until a point of the
        curve is due.
        """
        self._sums.add(loss_sum, num_correct, num_examples)
        self.history.examples += int(num_examples)

    def _after_step(self, count):
        self._bar.update()
        if self._estimate_due and count == STEPS_BEFORE_ESTIMATE:
            self._estimate_due = False
            self._announce_estimate()
        step = max(self.num_batches // POINTS_PER_EPOCH, 1)
        if count % step == 0 and count < self.num_batches:
            self._record_curve(count / self.num_batches)

    def _announce_estimate(self):
        float(self._sums[0])  # wait for the device, or the clock has seen nothing
        elapsed = self.history.seconds + time.perf_counter() - self._timer.tik
        steps = self.num_epochs * self.num_batches
        minutes = elapsed / STEPS_BEFORE_ESTIMATE * steps / 60
        if minutes >= LONG_RUN_MINUTES:
            print(
                f"Bu eğitim bu işlemcide yaklaşık {_spoken_duration(minutes)} sürecek. "
                "Kısa bir deneme için D2L_SHIM_BUDGET=cpu ayarlayın."
            )

    def _record_curve(self, fraction):
        loss, accuracy = means(self._sums)  # waits for the device
        self.history.seconds += self._timer.stop()
        epoch = self.epoch + fraction
        self.history.curve.append((epoch, loss, accuracy))
        self._animator.add(epoch, (loss, accuracy, None))
        self._timer.start()

    def end_epoch(self, test_loss, test_accuracy):
        """Close the epoch with loss (nats) and accuracy (fraction) on the test data."""
        _, loss, accuracy = self.history.curve[-1]
        self.history.train_loss.append(loss)
        self.history.train_accuracy.append(accuracy)
        self.history.test_loss.append(test_loss)
        self.history.test_accuracy.append(test_accuracy)
        self._animator.add(self.epoch + 1, (None, None, test_accuracy))


def _number_of_batches(train_iter):
    try:
        count = len(train_iter)
    except TypeError as error:
        raise TypeError(
            "train_iter'in yığın sayısı bilinmiyor: len(train_iter) çalışmalı. "
            "load_data_fashion_mnist'in döndürdüğü yineleyiciyi kullanın."
        ) from error
    if count == 0:
        raise _no_batches()
    return count


def _no_batches():
    return ValueError(
        "train_iter hiç yığın vermiyor, eğitilecek veri yok. "
        "Veri kümesini ve batch_size değerini denetleyin."
    )


def _spoken_duration(minutes):
    if minutes < 90:
        return f"{minutes:.0f} dakika"
    return f"{minutes / 60:.1f} saat".replace(".", ",")


def _processor():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def run_info(framework, device):
    """Return four lines of Turkish text: data, budget, versions, machine and date.

    Parameters
    ----------
    framework : str
        Name and version, such as ``PyTorch 2.13.0``.
    device : str
        The device that training uses.
    """
    python = platform.python_version()
    return (
        f"{fashion_mnist.describe()}\n"
        f"Sürümler: {framework}, NumPy {np.__version__}, Python {python}\n"
        f"Makine: {_processor()}, {os.cpu_count()} çekirdek, aygıt: {device}\n"
        f"Tarih: {datetime.now():%d.%m.%Y}"
    )
