"""What a test does when this machine lacks something: skip with the reason, or fail.

A skip says what is missing and how to get it. With CI=true it is a failure, so that a
continuous build never passes by leaving things out.
"""

import importlib.metadata
import os
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "fashion-mnist"
"""Where the real Fashion-MNIST lies, on a machine that has it beside the project."""


def skip_or_fail(reason):
    """Skip the running test, or in CI fail it; `reason` says in Turkish what to do."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI ortamında atlanamaz: {reason}", pytrace=False)
    pytest.skip(reason)


def require_package(name):
    """Give up unless the package is installed; `name` is what pip calls it."""
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        skip_or_fail(
            f"{name} paketi kurulu değil; bu işlemciye çıkan bir sürümü varsa "
            f"kurmak için: pip install {name}"
        )
