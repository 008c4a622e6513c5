"""Execute: a result belongs to the code that ran, and to no other of the book's."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from tiny_book import cell, write_book

from framework_tabs.execute import command as execution
from framework_tabs.execute import kernel
from framework_tabs.execute.job import Job
from framework_tabs.execute.recording import recording
from framework_tabs.execute.versions import ask
from framework_tabs.recorder.entered import FOLDER
from framework_tabs.store import files
from framework_tabs.store.fingerprint import basis, for_run

LIBRARY = {
    "__init__.py": "from lib import used\n\n\ndef idle():\n    return 'idle'\n",
    "used.py": "def f():\n    return 'one'\n\n\ndef idle():\n    return 'idle'\n",
    "table.txt": "1\n",
}
SOURCE = (
    "import lib, os, subprocess, sys\n"
    "call = 'from lib.used import f; print(f())'\n"
    "print(subprocess.check_output([sys.executable, '-c', call], text=True))"
)


@pytest.fixture
def book(tmp_path):
    """An executed book whose cell starts a process that calls a library."""
    (tmp_path / "lib").mkdir()
    for name, text in LIBRARY.items():
        (tmp_path / "lib" / name).write_text(text)
    book = write_book(tmp_path, cell(SOURCE), depends_on=["lib"])
    assert book.execute() == []
    return book


@pytest.fixture
def runs(monkeypatch):
    """A list that grows with every kernel that is started."""
    started, real = [], execution.started_kernel

    def counted(job, notes):
        started.append(job.framework.key)
        return real(job, notes)

    monkeypatch.setattr(execution, "started_kernel", counted)
    return started


def change(book, name: str, old: str, new: str) -> None:
    """Change a file of the library."""
    path = book.root / "lib" / name
    path.write_text(path.read_text().replace(old, new))


def test_only_a_change_of_code_that_ran_runs_a_notebook_again(book, runs):
    before = book.path().read_bytes()
    change(book, "used.py", "'idle'", "'never'")
    change(book, "__init__.py", "'idle'", "'never'")
    assert book.execute() == []
    assert (runs, book.path().read_bytes()) == ([], before)
    change(book, "used.py", "'one'", "'two'")
    assert book.execute() == []
    assert (runs, book.printed()) == (["a"], "two\n\n")
    change(book, "used.py", "'two'", "'one'")
    assert book.execute() == []
    assert (runs, book.path().read_bytes()) == (["a"], before)  # from the cache
    change(book, "table.txt", "1", "2")
    assert book.execute() == []
    assert runs == ["a", "a"]


def test_the_record_is_short_and_names_what_ran(book):
    run = book.notebook().metadata.framework_tabs.run
    assert set(run.ran) == {"files", "missing", "data", "depends_on"}
    assert {name: list(parts) for name, parts in run.ran.files.items()} == {
        "lib/__init__.py": [""],
        "lib/used.py": ["", "f"],
    }
    assert str(book.root) not in json.dumps(run)


def test_a_result_without_such_a_record_stands_on_all_code(book, runs):
    """What earlier versions stored stays valid until anything of the code changes."""
    notebook = book.notebook()
    run = notebook.metadata.framework_tabs.run
    job = Job(book.chapters[0], book.settings.frameworks["a"], book.settings)
    del run["ran"]
    versions = asyncio.run(ask(job.framework, job.settings))
    found = basis(job.framework, job.settings, versions.python, versions.packages)
    whole = for_run(found, run, job.framework, job.settings, job.sources)
    run.update(whole.record(job.code))
    book.path().write_text(files.dumps(notebook), encoding="utf-8")
    assert book.execute() == [] and runs == []
    change(book, "used.py", "'idle'", "'never'")
    assert book.execute() == [] and runs == []  # the first result, from the cache
    assert "ran" in book.notebook().metadata.framework_tabs.run


def test_a_cell_that_keeps_its_processes_from_recording_rests_on_all_code(book, runs):
    book.write(cell("import os, lib; os.environ.pop('PYTHONPATH')"))
    assert book.execute() == []
    assert "ran" not in book.notebook().metadata.framework_tabs.run
    change(book, "used.py", "'idle'", "'never'")
    assert book.execute() == []
    assert runs == ["a", "a"]


@pytest.mark.parametrize(
    ("language", "depends_on", "is_recorded"),
    [("python", ["lib"], True), ("R", ["lib"], False), ("python", [], False)],
)
def test_only_kernels_of_python_record_and_only_if_there_is_something_to(
    tmp_path, language, depends_on, is_recorded
):
    (tmp_path / "lib").mkdir()
    book = write_book(tmp_path, cell("1"), depends_on=depends_on)
    job = Job(book.chapters[0], book.settings.frameworks["a"], book.settings)
    manager = SimpleNamespace(kernel_spec=SimpleNamespace(language=language))
    with recording(job.framework, job.settings) as notes:
        variables = kernel._environment(job, manager, notes)
    assert (FOLDER in variables) == is_recorded
    assert variables["PYTHONPATH"].split(":")[is_recorded] == str(tmp_path)


def test_a_kernel_that_says_nothing_is_not_known(tmp_path):
    book = write_book(tmp_path, cell("1"))
    with recording(book.settings.frameworks["a"], book.settings) as notes:
        assert notes.used("kernel.json") is None
