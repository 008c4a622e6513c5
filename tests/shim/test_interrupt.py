"""Training that Ctrl-C or a notebook's stop button ends keeps its history.

A real SIGINT goes to a process of its own, in which a tiny network learns for ever.
"""

import json
import signal
import subprocess
import sys

import jupyter_client
import pytest

from tests import policy

FRAMEWORKS = "torch", "mxnet", "tensorflow"
BATCHES = 8  # an epoch
LONG = 300  # seconds: longer than anything takes that does not hang
SIGN = "ready to be interrupted"


@pytest.fixture(params=FRAMEWORKS)
def framework(request, monkeypatch):
    policy.require_package(request.param)
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    return request.param


# What the process does


class Batches:
    """A list of batches that gives a sign and goes on for ever once it is told to."""

    def __init__(self, batches):
        self.batches, self.epochs = batches, 0
        self.is_endless = lambda: False

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        self.epochs += 1
        yield from self.batches
        if self.is_endless():
            print(SIGN, flush=True)
            while True:
                yield from self.batches


def train(name, endless=None):
    """Train for two epochs, or without an end: "training" or "evaluation" after them.

    The endless training is in the third epoch, the evaluation at the second one's end.
    """
    from tests.shim import test_training
    from tests.shim.frameworks import Framework

    framework = Framework(name)
    tensors = test_training.batches(framework, 8 * BATCHES)
    train_iter, test_iter = Batches(tensors), Batches(tensors)
    if endless == "training":
        train_iter.is_endless = lambda: train_iter.epochs == 3
    if endless == "evaluation":
        test_iter.is_endless = lambda: train_iter.epochs == 2
    num_epochs = 100 if endless else 2
    net = framework.linear()
    return framework.d2l.train_ch6(net, train_iter, test_iter, num_epochs, 0.5)


def describe(history):
    """Print what the tests look at, as one line of JSON."""
    whole_epochs = [point for point in history.curve if point[0] <= 2]
    facts = {
        "interrupted": history.interrupted,
        "epochs": len(history.train_loss),
        "tests": len(history.test_accuracy),
        "points in two epochs": len(whole_epochs),
        "points after them": len(history.curve) > len(whole_epochs),
        "examples": history.examples >= 2 * 8 * BATCHES,
    }
    print("\n" + json.dumps(facts))


def train_three_times(name):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for endless in ("training", "evaluation", None):
        describe(train(name, endless))


# What the tests see of it

STOPPED_IN_TRAINING = {
    "interrupted": True,
    "epochs": 2,
    "tests": 2,
    "points in two epochs": 2 * BATCHES,
    "points after them": True,
    "examples": True,
}
STOPPED_IN_EVALUATION = STOPPED_IN_TRAINING | {
    "epochs": 1,
    "tests": 1,
    "points after them": False,
}
NOT_STOPPED = STOPPED_IN_EVALUATION | {"interrupted": False, "epochs": 2, "tests": 2}


def facts(text):
    """Return the dictionaries that `describe` has printed."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_ctrl_c_in_training_or_evaluation_keeps_what_there_is(framework, root):
    code = "from tests.shim import test_interrupt as t; t.train_three_times"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{code}('{framework}')"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    try:
        before = b""
        for _ in range(2):
            while SIGN not in (line := process.stdout.readline()).decode():
                assert line, process.stderr.read().decode()
                before += line
            process.send_signal(signal.SIGINT)
        after, complaint = process.communicate(timeout=LONG)
    finally:
        process.kill()
    printed = (before + after).decode()
    assert process.returncode == 0, complaint.decode()
    assert "100 dönemden 2 tanesi bitince durduruldu" in printed
    assert "100 dönemden 1 tanesi bitince durduruldu" in printed
    assert facts(printed) == [STOPPED_IN_TRAINING, STOPPED_IN_EVALUATION, NOT_STOPPED]


@pytest.fixture
def kernel(root, framework):
    """A Jupyter kernel, in the environment of the test, and the connection to it."""
    manager, client = jupyter_client.manager.start_new_kernel(
        kernel_name="python3", cwd=str(root), startup_timeout=LONG
    )
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def execute(kernel, code):
    """Run a cell; return its text. It is interrupted when it gives the sign."""
    manager, client = kernel
    cell = client.execute(code)
    text = ""
    while True:
        message = client.get_iopub_msg(timeout=LONG)
        content = message["content"]
        if message["parent_header"].get("msg_id") != cell:
            continue
        if content.get("execution_state") == "idle":
            return text
        if SIGN in content.get("text", ""):
            manager.interrupt_kernel()
        assert message["msg_type"] != "error", content
        text += content.get("text", "") + content.get("data", {}).get("text/plain", "")


def test_the_stop_button_keeps_what_there_is_and_the_kernel_goes_on(kernel, framework):
    execute(kernel, "from tests.shim import test_interrupt as t")
    shown = execute(kernel, f"history = t.train('{framework}', 'training')")
    assert "100 dönemden 2 tanesi bitince durduruldu" in shown
    assert facts(execute(kernel, "t.describe(history)")) == [STOPPED_IN_TRAINING]
    again = execute(kernel, f"t.describe(t.train('{framework}'))")
    assert facts(again) == [NOT_STOPPED]
