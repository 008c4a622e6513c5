"""How fast does `train_ch6` train AlexNet, beside that of the real d2l?

    .venv-d2l/bin/python -m benchmarks.trainer [--batches 8] [--epochs 1] [--rounds 3]

Timed is a whole epoch as a reader waits for it, with loading, metrics and curves: from
the end of one evaluation to the start of the next, the same on both sides. The first
epoch, in which frameworks compile and reserve memory, is left out. So is evaluation.

The trainer's own share is what it adds to a bare loop of steps. Steps of AlexNet would
bury it under their noise, so it is taken with a linear network, for an epoch of as
many batches as the data have, with figures drawn as in a notebook, and set against
the time of that epoch with AlexNet. Writes results/trainer.md and .json.

MXNet computes on all cores on both sides; left to itself it would take half of them.
"""

import statistics
import time
from unittest import mock

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from benchmarks import common
from d2l_shim import fashion_mnist
from tests.d2l import frameworks
from tests.shim.one_network import network_from_notebook

TARGETS = {"mxnet": 1.5, "pytorch": 1.3, "tensorflow": 1.0}
SHARE_TARGET = 1
"""Per cent of the time of an epoch."""
BATCH_SIZE, LEARNING_RATE = 128, 0.01
BATCHES_PER_EPOCH = 64
"""Of the trainer's own share: 8,192 images, the book's budget for a CPU."""


class Evaluations:
    """Test batches that note when an evaluation starts and when it is over."""

    def __init__(self, batches):
        self.batches = batches
        self.events = []

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        self.events.append(("start", time.perf_counter()))
        yield from self.batches
        self.events.append(("end", time.perf_counter()))

    def between(self):
        """Return the seconds from each end to the start that follows: the epochs."""
        pairs = zip(self.events, self.events[1:], strict=False)
        return [b - a for (what, a), (_, b) in pairs if what == "end"]


def measure(job, framework, **details):
    """Return the figures of one job in this process."""
    return JOBS[job](framework, **details)


def epoch_seconds(key, side, batches, epochs):
    """Return the seconds of each of the last `epochs` epochs of AlexNet."""
    framework = frameworks.get(key)
    common.only_first(train=batches * BATCH_SIZE, test=2)
    d2l = getattr(framework, side)
    train_iter, test_iter = d2l.load_data_fashion_mnist(BATCH_SIZE, resize=224)
    net = network_from_notebook(key)
    arguments = (1 + epochs, LEARNING_RATE, d2l.try_gpu())
    if (key, side) == ("tensorflow", "real"):
        seconds = keras_epochs(d2l, net, train_iter, test_iter, *arguments)
    else:
        evaluations = Evaluations(test_iter)
        d2l.train_ch6(net, train_iter, evaluations, *arguments)
        seconds = evaluations.between()
    return seconds[-epochs:]


def keras_epochs(d2l, *arguments):
    """As `Evaluations`, where Keras loops and will not evaluate on a foreign class."""
    seconds = []

    class Callback(d2l.TrainCallback):
        def on_epoch_begin(self, epoch, logs=None):
            self.begin = time.perf_counter()
            super().on_epoch_begin(epoch, logs)

        def on_epoch_end(self, epoch, logs):
            seconds.append(time.perf_counter() - self.begin)
            super().on_epoch_end(epoch, logs)

    with mock.patch.object(d2l, "TrainCallback", Callback):
        d2l.train_ch6(*arguments)
    return seconds


def seconds_beside_steps(key, epochs):
    """Return for each epoch the seconds that the trainer adds to its steps."""
    InteractiveShell.instance().kernel = None  # figures become SVG, as in a notebook
    framework = frameworks.get(key)
    images = fashion_mnist.load()[0].images[:BATCH_SIZE] / np.float32(255)
    batch = framework.batch(images, np.zeros(len(images), np.uint8))
    batches = [batch] * BATCHES_PER_EPOCH
    evaluations = Evaluations(framework.batches(images[:2], np.zeros(2, np.uint8), 2))
    net = framework.linear(pixels=28**2)
    framework.shim.train_ch6(net, batches, evaluations, 1 + epochs, LEARNING_RATE)
    step, wait = framework.bare_step(net, LEARNING_RATE)
    bare = [loop_seconds(step, wait, batches) for _ in range(1 + epochs)]
    whole = evaluations.between()[-epochs:]
    return [a - statistics.median(bare[1:]) for a in whole]


def loop_seconds(step, wait, batches):
    """Return the seconds of a loop of steps that does nothing else."""
    start = time.perf_counter()
    for X, y in batches:
        loss = step(X, y)
    wait(loss)
    return time.perf_counter() - start


JOBS = {"epoch": epoch_seconds, "share": seconds_beside_steps}


def main():
    parser = common.parser(__doc__.splitlines()[0], rounds=3)
    parser.add_argument("--batches", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=1)
    options = parser.parse_args()
    if options.batches < 5:
        parser.error("--batches en az 5 olmalı: daha azında d2l sıfıra böler.")
    if options.job:
        common.answer(measure(**options.job))
        return
    jobs = list(all_jobs(options))
    rounds = common.in_turn("trainer", jobs, options.rounds)
    text = table(options, [median(figures) for figures in rounds])
    note = (
        f"AlexNet, 224 × 224, yığın boyutu {BATCH_SIZE}, dönemde {options.batches} "
        f"yığın; {options.rounds * options.epochs} dönemin ortancası. Süreye yükleme, "
        "ölçüler ve eğriler girer; ilk dönem ile değerlendirme girmez. Eğiticinin "
        f"payı, {BATCHES_PER_EPOCH} yığınlık bir dönemde adımların dışında geçen "
        "süredir."
    )
    common.publish("trainer", text, note, {"jobs": jobs, "rounds": rounds})


def all_jobs(options):
    """Yield for each framework the jobs of d2l, of the shim, and of its own share."""
    for framework in options.framework:
        about = {"framework": framework, "epochs": options.epochs}
        for side in common.SIDES:
            yield {"job": "epoch", "side": side, "batches": options.batches, **about}
        yield {"job": "share", "framework": framework, "epochs": 5}


def median(rounds):
    """Return the median over the epochs of all rounds."""
    return statistics.median(seconds for epochs in rounds for seconds in epochs)


def table(options, seconds):
    """Return the table of images per second, a line for each framework."""
    header = [
        *["Çerçeve", "d2l, örnek/sn", "d2l_shim, örnek/sn", "oran", "hedef"],
        *["eğiticinin payı", "hedef"],
    ]
    images = options.batches * BATCH_SIZE
    epoch = BATCHES_PER_EPOCH * BATCH_SIZE
    rows = []
    for i, key in enumerate(options.framework):
        real, shim, share = seconds[3 * i : 3 * i + 3]
        share_of_epoch = 100 * share / (shim / images * epoch)
        rows.append([
            common.LABELS[key],
            common.number(images / real, 1),
            common.number(images / shim, 1),
            f"{common.number(real / shim, 2)} kat",
            f"en az {common.number(TARGETS[key], 1)} kat",
            f"%{common.number(share_of_epoch, 2)}",
            f"en çok %{SHARE_TARGET}",
        ])  # fmt: skip
    return common.table(header, rows)


if __name__ == "__main__":
    main()
