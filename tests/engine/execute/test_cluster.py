"""The notebooks of a book on a cluster: a real Slurm of one node, through Snakemake."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import one_node_slurm
import psutil
import pytest
from one_node_slurm import SECONDS, wait_for
from tiny_book import TWO, cell, write_book

from framework_tabs.store import record
from tests import policy

REPOSITORY = Path(__file__).resolve().parents[3]
SLURM = (
    *("--executor", "slurm", "--slurm-no-account", "--slurm-status-command", "squeue"),
    *("--slurm-init-seconds-before-status-checks", "1"),
    *("--seconds-between-status-checks", "1", "--jobs", "8"),
)


@pytest.fixture(scope="module")
def variables():
    """The environment of a command, in which Snakemake is found."""
    own = REPOSITORY / ".venv-cluster" / "bin"
    path = os.pathsep.join([str(own), os.environ["PATH"]])
    if not shutil.which("snakemake", path=path):
        policy.skip_or_fail("Snakemake yok; “make .venv-cluster/cluster.installed”.")
    return {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY)}


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    one_node_slurm.require()
    with one_node_slurm.one_node(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture
def start(variables):
    """A function that starts the engine's command for a book; all end with the test."""
    started = []

    def begin(book, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "framework_tabs", *arguments],
            cwd=book.root,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


@pytest.fixture
def succeeds(start):
    """A function that runs the engine's command to a good end; what it says."""

    def run(book, *arguments):
        process = start(book, *arguments)
        said, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, said
        return said

    return run


def results(book):
    """All notebooks without what no two runs have in common."""
    found = {}
    for path in sorted(book.root.glob("notebooks/*/*.ipynb")):
        notebook = record.load(path)
        run = notebook.metadata[record.MARK]["run"]
        for name in ("started", "seconds", "peak_memory"):
            del run[name]
        found[path.relative_to(book.root)] = nbformat.writes(notebook)
    return found


def test_a_cluster_leaves_what_execute_leaves(tmp_path, slurm, succeeds):
    needs = {"gpu": 1, "architecture": "hopper", "memory": 2}
    frameworks = {"a": TWO["a"], "b": TWO["b"] | {"needs": needs}}
    books = [
        write_book(tmp_path / name, frameworks=frameworks, needs={"y": {"cores": 2}})
        for name in ("here", "there")
    ]
    for book in books:
        for name in "xy":
            parts = cell(f"print('{name}')", "a"), cell("print('b')", "b")
            book.write(*parts, cell("{'x': [1, 2]}"), name=name)
    here, there = books
    succeeds(here, "execute", "--jobs", "2")
    assert "Bütün" in succeeds(there, "cluster", *SLURM)
    assert len(results(there)) == 4
    assert results(there) == results(here)
    asked = slurm.said("scontrol", "show", "job", "--oneliner").splitlines()
    with_card = [line for line in asked if "gpu:1" in line and "=hopper" in line]
    assert len(with_card) == 2 and all("MinMemoryNode=2000M" in x for x in with_card)
    assert sum("CPUs/Task=2" in line for line in asked) == 2

    there.write("Söz.", cell("print('yeni')", "a"), cell("print('b')", "b"), name="x")
    planned = json.loads(succeeds(there, "plan", "--json"))
    stale = [each["path"] for each in planned["notebooks"] if not each["fresh"]]
    assert stale == ["notebooks/a/x.ipynb", "notebooks/b/x.ipynb"]


HELD = """\
import pathlib, time
root = pathlib.Path('..')
(root / '{name}.began').touch()
while not (root / '{name}.go').exists():
    time.sleep(0.1)
with open(root / 'ended', 'a') as file:
    file.write('{name} ')
"""


class HeldBook:
    """A book whose cells say that they began, wait for a word, then that they end."""

    def __init__(self, root, *names):
        self.book = write_book(root)
        self.root = root
        for name in names:
            self.book.write(cell(HELD.format(name=name)), name=name)

    def began(self, *names):
        return all((self.root / f"{name}.began").exists() for name in names)

    def go(self, *names):
        for name in names:
            (self.root / f"{name}.go").touch()

    def forget(self, *names):
        for name in names:
            (self.root / f"{name}.began").unlink()

    @property
    def ended(self):
        path = self.root / "ended"
        return sorted(path.read_text().split()) if path.exists() else []

    def log(self, name):
        path = self.root / f"_build/cluster/logs/notebooks/a/{name}.ipynb.log"
        return path.read_text("utf-8") if path.exists() else ""


@pytest.mark.long
def test_whatever_is_killed_no_result_is_lost_and_none_is_made_twice(
    tmp_path, slurm, start, succeeds
):
    names = cancelled, killed, waiting = "cancelled", "killed", "waiting"
    held = HeldBook(tmp_path / "book", *names)

    # Two jobs end early, and the controller is away for a while.
    first = start(held, "cluster", *SLURM)
    wait_for(lambda: held.began(*names))
    slurm.kill_controller()
    held.go(waiting)
    wait_for(lambda: held.ended == [waiting])
    slurm.start_controller()
    slurm.said("scancel", wait_for(lambda: slurm.job_of("cancelled.ipynb")))
    kill(executing(held, killed))
    said, _ = first.communicate(timeout=SECONDS)
    assert first.returncode == 1
    told = said.rpartition("Complete log")[2]
    assert f"notebooks/a/{cancelled}.ipynb: işi erken bitti" in told
    assert f"notebooks/a/{killed}.ipynb: işi erken bitti" in told
    assert waiting not in told

    # Snakemake is killed while the two that are missing run.
    held.forget(cancelled, killed)
    second = start(held, "cluster", *SLURM)
    wait_for(lambda: held.began(cancelled, killed))
    os.killpg(second.pid, signal.SIGKILL)
    second.communicate()

    # Its jobs go on; the next start waits for them.
    third = start(held, "cluster", *SLURM)
    for name in (cancelled, killed):
        wait_for(lambda name=name: "bekleniyor" in held.log(name))
    held.go(cancelled, killed)
    said, _ = third.communicate(timeout=SECONDS)
    assert third.returncode == 0, said
    assert held.ended == sorted(names)
    assert "Bütün" in succeeds(held, "cluster", *SLURM)
    assert held.ended == sorted(names)


def executing(book, name):
    """The commands that run a chapter's notebook in jobs."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "cwd"])
        if f"chapters/{name}.md" in (process.info["cmdline"] or [])
        and "execute" in process.info["cmdline"]
        and process.info["cwd"] == str(book.root)
    ]


def kill(processes):
    assert processes
    for process in processes:
        process.send_signal(signal.SIGKILL)


def test_an_array_of_jobs_shares_the_notebooks_out(tmp_path, slurm, variables):
    book = write_book(tmp_path / "book")
    for name in "xy":
        book.write(cell(f"'{name}'"), name=name)
    command = f"{sys.executable} -m framework_tabs execute --shard auto"
    options = ("--array=0-2:2", f"--chdir={book.root}", f"--wrap={command}")
    subprocess.run(["sbatch", "--quiet", *options], env=variables, check=True)
    wait_for(lambda: not slurm.jobs())
    said = [path.read_text() for path in book.root.glob("slurm-*.out")]
    assert [each.count("çalıştırıldı") for each in said] == [1, 1]
    assert len(results(book)) == 2
