"""Where d2l is wrong: each test shows d2l's fault, and the shim without it."""

from contextlib import nullcontext
from unittest import mock

import numpy as np
import pytest

from d2l_shim import training
from tests.d2l import real_d2l
from tests.d2l.frameworks import Batches

LEARNING_RATE = 0.1


def small_problem(framework, examples, batch_size, pixels=4):
    """Return batches of dark images, `pixels` high and wide, all of one class."""
    images = np.zeros((examples, pixels, pixels), np.float32)
    return framework.batches(images, np.zeros(examples, np.uint8), batch_size)


def shim_history(framework, train_iter, test_iter):
    """Train the linear network for one epoch with the shim and return its history."""
    net = framework.linear(pixels=16)
    return framework.shim.train_ch6(net, train_iter, test_iter, 1, LEARNING_RATE)


# Fewer than five batches


def test_fewer_than_five_batches_divide_by_zero_in_d2l_alone(framework):
    batches = small_problem(framework, examples=16, batch_size=4)
    fault = framework.name in ("torch", "mxnet")
    with pytest.raises(ZeroDivisionError) if fault else nullcontext():
        net = framework.linear(pixels=16)
        framework.train_real(net, batches, batches, 1, LEARNING_RATE)
    history = shim_history(framework, batches, batches)
    assert history.examples == 16
    assert [epoch for epoch, _, _ in history.curve] == [0.25, 0.5, 0.75, 1.0]


# Which images meet in a batch


def compositions(framework, train_iter):
    """Return for two epochs which images met in a batch, in no order."""
    epochs = []
    for _ in range(2):
        batches = (framework.to_numpy(X) for X, _ in train_iter)
        epochs.append({frozenset(x.tobytes() for x in X) for X in batches})
    return epochs


def test_the_images_of_a_batch_change_from_epoch_to_epoch(framework, only_first):
    only_first(train=96, test=8)
    real = framework.real.load_data_fashion_mnist(16)[0]
    first, second = compositions(framework, real)
    fault = framework.name == "tensorflow"  # it shuffles batches, not images
    assert (first == second) is fault
    shim = framework.shim.load_data_fashion_mnist(16)[0]
    first, second = compositions(framework, shim)
    assert first.isdisjoint(second)
    assert frozenset.union(*first) == frozenset.union(*second)


# How many examples were there?


class OneSecond:
    """Stands in for d2l's timer: whatever was timed took a second."""

    def start(self):
        pass

    stop = start

    def avg(self):
        return 1.0

    sum = avg


def examples_in_real_rate(framework, batches):
    """Return how many training examples d2l's rate counts in an epoch."""
    net = framework.linear(pixels=16)
    with mock.patch.object(framework.real, "Timer", OneSecond):
        return framework.train_real(net, batches, batches[-1:], 1, LEARNING_RATE).rate


def test_60_000_examples_count_as_60_000(framework):
    batches = small_problem(framework, examples=60_000, batch_size=128)
    fault = framework.name == "tensorflow"
    counted = examples_in_real_rate(framework, batches)
    assert counted == (60_032 if fault else 60_000)
    assert shim_history(framework, batches, batches[-1:]).examples == 60_000


def test_a_small_first_batch_does_not_spoil_the_count(framework):
    batches = small_problem(framework, examples=68, batch_size=16)[::-1]
    fault = framework.name == "tensorflow"
    counted = examples_in_real_rate(framework, batches)
    assert counted == (5 * 4 if fault else 68)
    assert shim_history(framework, batches, batches[-1:]).examples == 68


# What is timed?


class Clock:
    """Stands in for the module `time`: a millisecond passes whenever someone looks."""

    def __init__(self):
        self.now = 0.0

    def time(self):
        self.now += 0.001
        return self.now

    perf_counter = time


class SlowBatches(Batches):
    """Batches of which each takes a second of the clock to load."""

    def __init__(self, batches, clock):
        super().__init__(batches)
        self.clock = clock

    def __iter__(self):
        for batch in self.batches:
            self.clock.now += 1
            yield batch


def test_the_rate_includes_loading(framework, monkeypatch):
    batches = small_problem(framework, examples=48, batch_size=8)
    clock = Clock()
    slow = SlowBatches(batches, clock)
    monkeypatch.setattr(framework.real, "time", clock)
    net = framework.linear(pixels=16)
    real = framework.train_real(net, slow, batches[:1], 1, LEARNING_RATE)
    fault = framework.name in ("torch", "mxnet")
    assert (real.rate > 8) is fault  # more than the eight a second that are loaded
    monkeypatch.setattr(training, "time", clock)
    history = shim_history(framework, slow, batches[:1])
    assert 6 <= history.seconds < 6.5
    assert history.examples_per_second == 48 / history.seconds


# Which devices are there?


def name(device):
    return str(getattr(device, "_device_name", device)).lower()


def test_without_a_gpu_all_devices_are_the_processor(framework):
    d2l_1 = real_d2l.load_newer(framework.name)
    assert d2l_1.try_all_gpus() == []  # against its own docstring
    (device,) = framework.shim.try_all_gpus()
    (expected,) = framework.real.try_all_gpus()  # 0.17.6 was right
    assert name(device) == name(expected)
    assert "cpu" in name(device)
