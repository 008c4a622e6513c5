"""The chapter's three networks are one function, once padding and weights are alike."""

import functools
import json
import subprocess
import sys

import numpy as np
import pytest

from tests import policy

FRAMEWORKS = {"pytorch": "torch", "mxnet": "mxnet", "tensorflow": "tensorflow"}
OTHERS = ["mxnet", "tensorflow"]


@pytest.fixture(scope="module")
def compute(root):
    """Return a function from a framework to what `one_network` computes in it."""
    return functools.cache(functools.partial(run_framework, root))


def run_framework(root, framework):
    """Run a framework in a process of its own: their native libraries may clash."""
    policy.require_package(FRAMEWORKS[framework])
    command = [sys.executable, "-m", "tests.shim.one_network", framework]
    process = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=600
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout.splitlines()[-1])


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_network_has_46_764_746_parameters(compute, framework):
    assert compute(framework)["parameters"] == 46_764_746


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("framework", OTHERS)
def test_equal_padding_and_weights_give_equal_logits(compute, framework, padding):
    logits = f"logits, padding {padding}"
    ours, theirs = compute("pytorch")[logits], compute(framework)[logits]
    assert np.shape(ours) == (2, 10)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("framework", OTHERS)
def test_equal_logits_give_the_same_loss(compute, framework, padding):
    loss = f"loss, padding {padding}"
    assert compute(framework)[loss] == pytest.approx(compute("pytorch")[loss], abs=1e-4)


def test_unequal_padding_gives_another_function(compute):
    logits = [compute("pytorch")[f"logits, padding {padding}"] for padding in (0, 1)]
    assert np.abs(np.subtract(*logits)).max() > 1e-2
