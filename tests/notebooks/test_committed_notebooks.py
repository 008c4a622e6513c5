"""The notebooks as committed: made from their chapters, executed, without complaints.

Executing them again and comparing the outputs is nbval's part (see kernel_guard).
"""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from framework_tabs import config
from framework_tabs.source import chapter

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def notebook(request):
    """Each committed notebook in turn."""
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook, kind):
    """Return all outputs of one type in a notebook."""
    every = (output for cell in code_cells(notebook) for output in cell.outputs)
    return [output for output in every if output.output_type == kind]


def test_every_chapter_has_its_notebooks():
    settings = config.load(ROOT)
    wanted = {
        f"{key}/{each.name}"
        for each in chapter.read_all(settings)
        for key in settings.runners_of(each)
    }
    assert {f"{path.parent.name}/{path.stem}" for path in NOTEBOOKS} == wanted


def test_every_notebook_is_a_reference_run_on_real_data(notebook):
    run = notebook.metadata.framework_tabs.run
    assert run.environment == {
        "D2L_SHIM_BUDGET": "cpu",
        "D2L_SHIM_DATA": "../shared/fashion-mnist",
    }
    assert run.seconds > 0 and run.peak_memory > 0


def test_notebooks_are_those_that_the_chapters_give():
    command = [sys.executable, "-m", "framework_tabs", "check"]
    process = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert process.returncode == 0, process.stdout + process.stderr


def test_a_notebook_follows_the_format(notebook):
    nbformat.validate(notebook)


def test_every_code_cell_was_executed(notebook):
    """Nbval compares nothing in a cell without an execution count."""
    assert [c.source for c in code_cells(notebook) if c.execution_count is None] == []


def test_no_output_is_an_error_or_a_warning(notebook):
    assert outputs(notebook, "error") == []
    streams = outputs(notebook, "stream")
    assert [stream.text for stream in streams if stream.name == "stderr"] == []


def trainings(notebook):
    """Return the places of the code cells that train a network."""
    sources = [cell.source for cell in code_cells(notebook)]
    return [i for i, source in enumerate(sources) if "train_ch6(" in source]


@pytest.mark.parametrize("name", ["alexnet", "basvuru", "lenet"])
def test_a_chapter_that_trains_is_known_to_do_so(name):
    paths = [path for path in NOTEBOOKS if path.stem == name]
    assert len(paths) == len(config.load(ROOT).frameworks)
    assert all(trainings(nbformat.read(path, as_version=4)) for path in paths)


def test_training_is_followed_by_a_check_that_can_fail(notebook):
    """Outputs of training differ from run to run, so they are not compared."""
    sources = [cell.source for cell in code_cells(notebook)]
    for training in trainings(notebook):
        assert any("assert " in source for source in sources[training + 1 :])
