"""Each framework's own words for what the comparisons with the real d2l need.

All give d2l and the shim the same small networks, the same weights and the same
batches, and take the same figures from both: what d2l draws and prints, what the shim
leaves in its history.
"""

import contextlib
import functools
import importlib
import io
import math
import re
from dataclasses import dataclass, field
from unittest import mock

import numpy as np

from tests.d2l import real_d2l

FRAMEWORKS = {"mxnet": "mxnet", "pytorch": "torch", "tensorflow": "tensorflow"}
"""The book's key of each framework, and its module."""

# A small convolutional network for 28×28 images, in the layout of PyTorch and MXNet.
SHAPES = [
    *[(6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,)],
    *[(120, 400), (120,), (10, 120), (10,)],
]


def small_cnn_weights(seed):
    """Return weights for the small network, of a scale at which it learns at once."""
    rng = np.random.default_rng(seed)
    scales = [math.sqrt(2 / math.prod(s[1:])) if s[1:] else 0.1 for s in SHAPES]
    return [
        (scale * rng.standard_normal(shape)).astype(np.float32)
        for scale, shape in zip(scales, SHAPES, strict=True)
    ]


@dataclass
class Run:
    """What one training has shown of itself.

    `curve` holds (mean loss, accuracy) since its epoch began for each point drawn,
    `test_accuracy` one number an epoch, `rate` examples per second as reported.
    """

    curve: list = field(default_factory=list)
    test_accuracy: list = field(default_factory=list)
    rate: float = 0.0


class Batches:
    """A list of batches that calls `before` when it is gone through the first time."""

    def __init__(self, batches, before=lambda: None):
        self.batches, self.before = batches, before

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        before, self.before = self.before, lambda: None
        before()
        yield from self.batches


class Framework:
    """What is the same for all three; the subclasses hold what is not.

    Images are NumPy arrays, float32, (n, height, width); labels integers, (n,).
    """

    @functools.cached_property
    def real(self):
        """The real module ``d2l.torch``, ``d2l.tensorflow`` or ``d2l.mxnet``."""
        return real_d2l.load(self.name)

    @functools.cached_property
    def shim(self):
        """The book's module in place of it."""
        return importlib.import_module(f"d2l_shim.{self.name}")

    def batches(self, images, labels, batch_size):
        """Return a list of minibatches (X, y), the last one perhaps smaller."""
        starts = range(0, len(labels), batch_size)
        parts = [slice(start, start + batch_size) for start in starts]
        return [self.batch(images[part], labels[part]) for part in parts]

    def train_shim(self, net, train_iter, test_iter, num_epochs, lr, weights=None):
        """Train `net` with the shim, from `weights` if given; return the `Run`."""
        if weights is not None:
            set_weights = functools.partial(self.set_weights, net, weights)
            train_iter = Batches(train_iter, before=set_weights)
        history = self.shim.train_ch6(net, train_iter, test_iter, num_epochs, lr)
        curve = [(loss, accuracy) for _, loss, accuracy in history.curve]
        return Run(curve, history.test_accuracy, history.examples_per_second)

    def train_real(self, net, train_iter, test_iter, num_epochs, lr, weights=None):
        """Train `net` with d2l, from `weights` if given; return the `Run`."""
        run, printed = Run(), io.StringIO()
        with self.recording(run), contextlib.redirect_stdout(printed):
            self.call_real(net, train_iter, test_iter, num_epochs, lr, weights)
        run.rate = float(re.search(r"([-\d.]+) examples/sec", printed.getvalue())[1])
        return run

    def call_real(self, net, train_iter, test_iter, num_epochs, lr, weights):
        if weights is not None:
            set_weights = functools.partial(self.set_weights, net, weights)
            train_iter = Batches(train_iter, before=set_weights)
        device = self.real.try_gpu()
        self.real.train_ch6(net, train_iter, test_iter, num_epochs, lr, device)

    def recording(self, run):
        """Put the points of d2l's figure into `run` while this context lasts."""

        class Recorder:
            def __init__(self, **kwargs):
                pass

            def add(self, x, y):
                loss, accuracy, test_accuracy = y
                if test_accuracy is not None:
                    run.test_accuracy.append(test_accuracy)
                else:
                    run.curve.append((loss, accuracy))

        return mock.patch.object(self.real, "Animator", Recorder)


def get(key):
    """Return the `Framework` of one of the keys of `FRAMEWORKS`, fit to be imported."""
    name = FRAMEWORKS[key]
    real_d2l.prepare(name)
    return importlib.import_module(f"tests.d2l.in_{name}").Words()
