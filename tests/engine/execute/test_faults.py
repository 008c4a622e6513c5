"""What can go wrong beside the cells: memory, files, other commands, a sudden end.

Those of cells and kernels are in test_execution. The page chapters/motor.md lists all.
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import fault_table
import psutil
import pytest
import test_execution
import test_versions
from fault_table import fault
from jupyter_client.connect import LocalPortCache
from nbformat import reads
from tiny_book import cell, write_book

from framework_tabs.__main__ import main
from framework_tabs.execute import command as execution
from framework_tabs.execute import verify
from framework_tabs.store import record
from tests import policy

ROOT = Path(__file__).resolve().parents[3]


def fails(book, *parts: str) -> str:
    """Execute the chapter with new cells; the message, if the old notebook stands."""
    before = book.path().read_bytes()
    book.write(*parts)
    (message,) = book.execute()
    assert book.path().read_bytes() == before
    assert not list(book.path().parent.glob(".*"))
    return message


@pytest.fixture
def book(tmp_path):
    """A book whose only notebook was executed once."""
    book = write_book(tmp_path / "kitap", cell("print('eski')"), cell("print('son')"))
    assert book.execute() == []
    return book


@pytest.fixture
def no_kernel(monkeypatch):
    """Let nothing run: a result has to come from somewhere else."""

    def refuse(_):
        raise AssertionError("bir defter çalıştırıldı")

    monkeypatch.setattr(execution, "started_kernel", refuse)


def start(book, *arguments) -> subprocess.Popen:
    """The command ``execute``, running."""
    command = [sys.executable, "-m", "framework_tabs", "execute", *arguments]
    return subprocess.Popen(
        [*command, "--root", str(book.root)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


@fault("bellek bitti")
def test_memory_that_runs_out_is_an_error_of_the_cell(book):
    limit = (
        "import psutil, resource\n"
        "most = psutil.Process().memory_info().vms + 2**28\n"
        "resource.setrlimit(resource.RLIMIT_AS, (most, most))"
    )
    if not sys.platform.startswith("linux"):
        policy.skip_or_fail("RLIMIT_AS yalnız Linux'ta bir sınırdır.")
    message = fails(book, cell(limit), cell("x = bytearray(2**31)"))
    assert f"chapters/x.md:{book.line('bytearray') - 1}: x, A, hücre 2/2: " in message
    assert "MemoryError" in message


@pytest.fixture
def read_only(book):
    """The folder of the notebooks, which can not be written."""
    folder = book.path().parent
    if os.geteuid():
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    mount = ["mount", "--bind", str(folder), str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount).returncode:
        policy.skip_or_fail("root için izinler engel değil, bağlama da yapılamadı.")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@fault("klasöre yazılamıyor")
def test_a_folder_that_is_read_only_is_reported(book, read_only):
    message = fails(book, cell("print('yeni')"))
    assert "x, A, hücre 1/1: sonuç yazılamadı: " in message
    assert "klasörün iznini düzeltin; önceki defter olduğu gibi duruyor." in message


@fault("iki komut aynı anda")
def test_two_commands_do_not_run_the_same_notebook(book):
    book.write(
        cell("import os, time; open('başladı', 'w').close()"),
        cell("while not os.path.exists('devam'): time.sleep(0.05)"),
    )
    first = start(book)
    folder = book.source().parent
    while not (folder / "başladı").exists():
        assert first.poll() is None
        time.sleep(0.1)
    (message,) = book.execute()
    assert message.startswith(f"chapters/x.md:{book.line('import os') - 1}: x, A, ")
    assert "başka bir komut çalıştırıyor. Onun bitmesini bekleyip" in message
    patient = start(book, "--wait")
    assert "öbür komut bekleniyor" in patient.stderr.readline()
    (folder / "devam").touch()
    _, errors = first.communicate(timeout=300)
    assert (first.returncode, book.execute()) == (0, []), errors
    _, errors = patient.communicate(timeout=300)
    assert (patient.returncode, errors.count("güncel, çalıştırılmadı")) == (0, 1)


def test_a_kernel_whose_port_another_program_took_is_started_again(book, monkeypatch):
    find = LocalPortCache.find_available_port
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = [other.getsockname()[1]]

        def found(self, ip):
            return taken.pop() if taken else find(self, ip)

        monkeypatch.setattr(LocalPortCache, "find_available_port", found)
        book.write(cell("print('yeni')"))
        assert book.execute() == []
    assert not taken and book.printed() == "yeni\n"


@fault("defter yarım ya da boş")
@pytest.mark.parametrize("content", ["", "{", '{"cells": ['])
def test_a_truncated_notebook_comes_back_from_the_cache(book, no_kernel, content):
    stored = book.path().read_bytes()
    book.path().write_text(content)
    assert verify.problems(book.chapters, book.settings)
    assert book.execute() == []
    assert book.path().read_bytes() == stored


@fault("yolda boşluk ve her dilden harf")
def test_spaces_and_letters_of_any_alphabet_may_be_in_paths(tmp_path, capsys):
    book = write_book(tmp_path / "kitabım (1) – ağ 'x' 学")
    book.write(cell("print('İ')"), name="ilk bölüm ş")
    assert book.execute() == []
    assert verify.problems(book.chapters, book.settings) == []
    book.write(cell("1 / 0"), name="ilk bölüm ş")
    command = ["execute", "ilk bölüm ş", "--root", str(book.root)]
    assert main(command) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("chapters/ilk bölüm ş.md:")
    assert "ilk bölüm ş, A, hücre 1/1: hücre hata verdi: ZeroDivisionError" in last
    assert book.printed("a", "ilk bölüm ş") == "İ\n"


def with_windows_line_ends(path):
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@fault("bölümde Windows satır sonları")
def test_a_chapter_with_windows_line_ends_gives_the_same_notebook(book, no_kernel):
    stored = book.path().read_bytes()
    with_windows_line_ends(book.source())
    assert book.execute() == []
    assert book.path().read_bytes() == stored
    assert verify.problems(book.chapters, book.settings) == []


@fault("defterde Windows satır sonları")
def test_a_notebook_with_windows_line_ends_is_set_right_without_a_run(book, no_kernel):
    stored = book.path().read_bytes()
    with_windows_line_ends(book.path())
    (problem,) = verify.problems(book.chapters, book.settings)
    assert problem == (
        "notebooks/a/x.ipynb: dosya split çıktısından farklı; split çalıştırın."
    )
    assert book.execute() == []
    assert book.path().read_bytes() == stored


@fault("başka bir bölüm bitmemiş")
def test_an_unfinished_chapter_is_not_in_the_way_of_another(book, capsys):
    other = "```{code-cell} ipython3\nbitmedi"
    book.write(other, name="y")
    book.write("Bkz. {ref}`sec_y`.\n", cell("print('yeni')"))
    assert main(["execute", "x", "--root", str(book.root)]) == 0
    assert book.printed() == "yeni\n"
    book.write(f"(sec_y)=\n## Y\n{other}", name="y")
    assert main(["execute", "x", "--force", "--root", str(book.root)]) == 1
    assert "chapters/y.md:" in capsys.readouterr().err.splitlines()[-1]


@fault("birden çok bölüm hatalı")
def test_every_malformed_chapter_is_named(book, capsys):
    for name in "yz":
        book.write("```{code-cell} ipython3\nbitmedi", name=name)
    for command in ("split", "check", "execute"):
        assert main([command, "--root", str(book.root)]) == 1
        lines = capsys.readouterr().err.splitlines()
        assert [line.partition(":")[0] for line in lines] == [
            "chapters/y.md",
            "chapters/z.md",
        ]


def started(book) -> list[tuple[str, int]]:
    """The notebooks that kernels began to run, with the kernels' processes."""
    log = book.root / "log"
    lines = log.read_text().splitlines() if log.exists() else []
    return [(name, int(pid)) for name, pid in map(str.split, lines)]


def finished(book) -> set[str]:
    """The notebooks on the disk, of which each must be whole."""
    paths = book.path().parent.glob("*.ipynb")
    found = {path.stem: reads(path.read_text("utf-8"), 4) for path in paths}
    for notebook in found.values():
        assert all(record.untouched(each) for each in record.code_cells(notebook))
    return set(found)


def is_gone(pid: int) -> bool:
    """Whether a process has ended, or ends soon."""
    try:
        psutil.Process(pid).wait(60)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return False
    return True


@fault("komut zorla öldürüldü")
def test_a_command_killed_at_any_moment_goes_on_where_it_was(tmp_path):
    book, names = write_book(tmp_path), [f"b{n}" for n in range(4)]
    note = "import os; open('../../log', 'a').write(f'{0} {{os.getpid()}}\\n')"
    for name in names:
        book.write(
            cell(note.format(name)), cell("import time; time.sleep(0.3)"), name=name
        )
    settled = {}
    for kernels in (1, 2, 4):
        command = start(book, "--jobs", "2")
        while command.poll() is None and len(started(book)) < kernels:
            time.sleep(0.05)
        time.sleep(random.uniform(0, 1.5))
        command.kill()
        command.communicate()
        assert all(is_gone(pid) for _, pid in started(book))
        runs = [name for name, _ in started(book)]
        for name in finished(book):
            assert settled.setdefault(name, runs.count(name)) == runs.count(name)
    assert book.execute() == []
    runs = [name for name, _ in started(book)]
    assert all(runs.count(name) == count for name, count in settled.items())
    assert finished(book) == set(names)
    assert not list(book.path().parent.glob(".*"))
    assert verify.problems(book.chapters, book.settings) == []


def test_every_fault_of_the_page_has_its_test():
    # The rows of their tests are known once they are imported.
    assert test_execution.book and test_versions.asked
    assert sorted(fault_table.on_the_page()) == sorted(fault_table.tested)
