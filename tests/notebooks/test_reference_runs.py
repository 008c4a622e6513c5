"""Reference runs can be repeated: same code, data and seeds, nearly the same results.

The chapter that trains in the shortest time is run again in each framework, with the
budget of the reference runs. Results do not agree to the last digit: the order in which
floating-point numbers are added depends on the processor, and training makes small
differences grow.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from framework_tabs import config
from framework_tabs.store import record
from framework_tabs.render.results_table import results_of
from tests import policy

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = config.load(ROOT)
CHAPTER = "lenet"
TOLERANCE = 0.03
"""Largest difference of two accuracies, fractions in [0, 1]."""


@pytest.fixture
def copy(tmp_path):
    """A copy of the book without its notebooks."""
    for folder in ("chapters", *map(SETTINGS.relative, SETTINGS.depends_on)):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def accuracies(root, framework):
    """Return the test accuracies that the chapter's notebook recorded, by name."""
    path = root / "notebooks" / framework / f"{CHAPTER}.ipynb"
    results = results_of(record.load(path))
    return {
        name: result["test_accuracy"]
        for name, result in results.items()
        if "test_accuracy" in result
    }


@pytest.mark.long
@pytest.mark.parametrize("framework", SETTINGS.frameworks)
def test_a_second_run_gives_the_accuracies_of_the_reference_run(
    framework, copy, real_data
):
    for package in SETTINGS.frameworks[framework].packages:
        policy.require_package(package)
    variables = {"D2L_SHIM_BUDGET": "cpu", "D2L_SHIM_DATA": str(real_data)}
    command = [sys.executable, "-m", "framework_tabs", "execute", CHAPTER]
    made = subprocess.run(
        [*command, "--framework", framework],
        cwd=copy,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert made.returncode == 0, made.stderr
    reference = accuracies(ROOT, framework)
    assert reference
    assert accuracies(copy, framework) == pytest.approx(reference, abs=TOLERANCE)
