"""Several workers train as one device would, and none outlives a failure."""

import importlib
import subprocess
import sys

import numpy as np
import psutil
import pytest

from d2l_shim import batches, parallel
from tests.shim import parallel_worker
from tests.shim.frameworks import NAMES, Framework
from tests.shim.test_training import bright_rows

EXAMPLES = 22  # batches of 7, 7, 7 and 1: uneven, and too small for two
WORKER = parallel_worker.__file__


@pytest.fixture(params=NAMES)
def framework(request, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    return Framework(request.param)


@pytest.fixture
def file(tmp_path):
    images, labels = bright_rows(EXAMPLES)
    np.savez(tmp_path / "data.npz", images=images, labels=labels)
    return tmp_path / "data.npz"


def module(framework):
    """Return the framework's module of several workers."""
    return importlib.import_module(f"d2l_shim.{framework.name}.parallel")


def trained_here(train_ch6, framework, file):
    words = parallel_worker.WORDS[framework.name]
    data = parallel_worker.batches(words, file)
    return parallel_worker.train(train_ch6, framework.d2l, words, data)


def assert_same(ours, expected):
    (history, weights), (one_history, one_weights) = ours, expected
    for mine, its in zip(weights, one_weights, strict=True):
        np.testing.assert_allclose(mine, its, atol=1e-5)
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        expected = pytest.approx(getattr(one_history, name), abs=1e-5)
        assert getattr(history, name) == expected
    assert history.untrained_loss == pytest.approx(one_history.untrained_loss, abs=1e-5)
    assert history.examples == one_history.examples


def test_two_workers_take_the_steps_of_one_device(framework, file, capfd):
    sent = module(framework).launch(WORKER, framework.name, file, "train")
    assert [rank for rank, _, _ in sent] == [0, 1]
    said = capfd.readouterr().out
    assert said.count("test doğruluğu") == 1  # the first worker's, alone
    expected = trained_here(framework.d2l.train_ch6, framework, file)
    for _, *ours in sent:
        assert_same(ours, expected)


@pytest.mark.parametrize("name", ["mxnet", "tensorflow"])
def test_two_devices_of_one_process_take_the_steps_of_one(name, file, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    framework = Framework(name)
    command = [sys.executable, WORKER, name, file, "devices"]
    with parallel.working_folder() as folder:
        process = parallel.Process(command)
        ((_, *ours),) = parallel.launch([process], folder, threads=1, timeout=300)
    assert_same(ours, trained_here(framework.d2l.train_ch6, framework, file))
    assert "cpu" in ours[0].device and "," in ours[0].device


def test_one_worker_is_the_ordinary_trainer(framework, file):
    expected = trained_here(framework.d2l.train_ch6, framework, file)
    ours = trained_here(module(framework).train_ch6, framework, file)
    assert_same(ours, expected)


def test_a_failing_worker_ends_all_with_its_message(framework, file):
    with pytest.raises(parallel.WorkerError, match="ikinci yığın okunamadı"):
        module(framework).launch(WORKER, framework.name, file, "fail")
    assert children() == []


def children():
    """Return the commands of the processes that this one has started and that run."""
    return [child.cmdline() for child in psutil.Process().children(recursive=True)]


@pytest.fixture
def launch(tmp_path):
    """Return a function that runs a line of Python in several processes."""

    def run(*codes, timeout=60):
        processes = [parallel.Process([sys.executable, "-c", code]) for code in codes]
        with parallel.working_folder() as folder:
            return parallel.launch(processes, folder, 1, timeout)

    return run


WAIT = "import time; time.sleep(600)"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os._exit(3)", "çıkış kodu 3"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL sinyali"),
    ],
)
def test_a_worker_that_dies_without_a_word_is_reported(launch, code, message):
    with pytest.raises(parallel.WorkerError, match=message):
        launch(WAIT, code)
    assert children() == []


def test_workers_that_wait_for_ever_are_ended(launch):
    with pytest.raises(parallel.WorkerError, match="1 saniyede bitmedi"):
        launch(WAIT, WAIT, timeout=1)
    assert children() == []


def test_the_reader_s_interrupt_ends_the_workers(launch, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(parallel, "_wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        launch(WAIT)
    assert children() == []


ORPHAN = """
import os, subprocess, sys, time
from d2l_shim import parallel
if len(sys.argv) > 1:
    parallel.begin_worker()
    print(os.getpid(), flush=True)
    time.sleep(600)
os.environ[parallel.RESULTS] = "."
subprocess.run([sys.executable, "-c", sys.orig_argv[2], "worker"])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="yalnız Linux'ta")
def test_a_worker_ends_with_the_process_that_started_it(root):
    command = [sys.executable, "-c", ORPHAN]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as parent:
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        worker.wait(60)


def test_output_is_the_first_worker_s(launch, capsys):
    launch("print('birinci')", "print('ikinci')")
    assert capsys.readouterr().out == "birinci\n"


def test_workers_with_different_seeds_are_refused():
    batches.seed_order(1)
    own = parallel.order_number()
    parallel.check_order(2 * own, 2)
    batches.seed_order(2)
    with pytest.raises(ValueError, match="aynı tohumu verin"):
        parallel.check_order(own + parallel.order_number(), 2)


@pytest.mark.parametrize("count", range(6))
def test_the_parts_of_a_batch_are_the_batch_in_order(count):
    X = np.arange(count + 1)
    shares = parallel.Shares([(X, X)], range(3), 3)
    (parts, whole), *rest = shares
    assert rest == [] and len(shares) == 1 and whole == count + 1
    assert [x for part, _, own in parts for x in part[:own]] == list(X)
    sizes = [own for _, _, own in parts]
    assert max(sizes) - min(sizes) <= 1
    assert all(len(part) >= 1 for part, _, _ in parts)


def test_a_network_that_is_built_already_can_not_be_mirrored():
    framework = Framework("tensorflow")
    with pytest.raises(TypeError, match="ağı kuran fonksiyonu verin"):
        module(framework).train_ch6(framework.linear(), [], [], 1, 0.1)
