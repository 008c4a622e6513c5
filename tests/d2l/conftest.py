"""One framework at a time, beside the real d2l: `make test-d2l` runs them in turn.

Each has a process of its own, since d2l's loaders fork, which is not safe once another
framework runs threads. Without the real d2l, in `make test`, this folder has no tests.
"""

import importlib.metadata
import os

import pytest

from d2l_shim import fashion_mnist
from tests import policy
from tests.d2l import frameworks, real_d2l


def has_real_d2l():
    try:
        return bool(importlib.metadata.version("d2l"))
    except importlib.metadata.PackageNotFoundError:
        return False


collect_ignore_glob = [] if has_real_d2l() else ["test_*.py"]


def pytest_addoption(parser):
    parser.addoption(
        "--framework", choices=frameworks.FRAMEWORKS, help="the one to compare"
    )


@pytest.fixture(scope="session")
def framework(request):
    """The framework that this run compares."""
    name = request.config.getoption("--framework")
    if name is None:
        pytest.fail("Hangi çerçeve? --framework=pytorch gibi verin ya da make test-d2l")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # both sides on the same device
    # The networks are too small to gain by threads, which on a busy machine would wait
    # for each other.
    os.environ["OMP_NUM_THREADS"] = "1"
    return frameworks.get(name)


@pytest.fixture(autouse=True)
def all_data(monkeypatch):
    """The real files where there are some, and no budget: d2l does not know it."""
    at_hand = policy.SHARED_DATA if policy.SHARED_DATA.is_dir() else "synthetic"
    data = os.environ.get("D2L_SHIM_DATA") or str(at_hand)
    monkeypatch.setenv("D2L_SHIM_DATA", data)
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")


@pytest.fixture
def only_first(monkeypatch):
    """Return a function that leaves both sides the first images of each split."""

    def limit(train, test):
        load = real_d2l.loads_first(train, test)
        monkeypatch.setattr(fashion_mnist, "load", load)

    return limit
