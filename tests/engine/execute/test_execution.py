"""Execute: what is run, what is stored, and that failure is never success."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from fault_table import fault
from nbformat.v4 import new_output
from tiny_book import ONE, TWO, cell, write_book

from framework_tabs.__main__ import main
from framework_tabs.execute import command as execution
from framework_tabs.execute import kernel, verify
from framework_tabs.store import files

PID = "import os; open('pid', 'w').write(str(os.getpid()))"
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def book(tmp_path):
    """A book whose only notebook was executed once."""
    book = write_book(tmp_path, cell("print('eski')"), cell("print('son')"))
    assert book.execute() == []
    return book


@pytest.fixture
def runs(monkeypatch):
    """The list of chapters and frameworks for which a kernel was started."""
    started, kernel = [], execution.started_kernel

    def counted(job, notes):
        started.append((job.chapter.name, job.framework.key))
        return kernel(job, notes)

    monkeypatch.setattr(execution, "started_kernel", counted)
    return started


def fails(book, *parts: str) -> str:
    """Execute the chapter with new cells; the message, if the old notebook stands."""
    before = book.path().read_bytes()
    book.write(*parts)
    (message,) = book.execute()
    assert book.path().read_bytes() == before
    assert not list(book.path().parent.glob(".*"))
    assert message.startswith(f"chapters/x.md:{book.line('```{code-cell}')}: ") or (
        "hücre 1/" not in message
    )
    return message


def is_gone(pid: int, seconds: float = 10) -> bool:
    """Whether a process has ended, or ends soon."""
    try:
        psutil.Process(pid).wait(seconds)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


def kernel_is_gone(book) -> bool:
    """Whether the kernel that ran a cell PID has ended."""
    return is_gone(int((book.source().parent / "pid").read_text()))


def test_outputs_and_the_record_of_the_run_are_stored(tmp_path):
    book = write_book(tmp_path, cell("x = 1"), cell("print(x)"), cell("x + 1"))
    assert book.execute() == []
    first, second, third = book.code()
    assert (first.outputs, second.outputs[0].text) == ([], "1\n")
    assert third.outputs[0].data["text/plain"] == "2"
    assert [each.execution_count for each in book.code()] == [1, 2, 3]
    run = book.notebook().metadata.framework_tabs.run
    assert set(run) == {
        *("key", "code", "packages", "python", "depends_on", "environment", "digests"),
        *("started", "seconds", "machine", "peak_memory"),
    }
    assert 0 < run.seconds < 60 and run.started[10] == "T"


def test_the_largest_memory_of_the_kernel_and_its_children_is_recorded(tmp_path):
    work = "import time; block = bytearray(300_000_000); time.sleep(2); del block"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    peaks = {}
    for name, source in {"none": "1", "own": work, "child": child}.items():
        book = write_book(tmp_path / name, cell(source))
        assert book.execute() == []
        peaks[name] = book.notebook().metadata.framework_tabs.run.peak_memory
    assert peaks["none"] > 0
    for name in ("own", "child"):
        assert 250_000_000 < peaks[name] - peaks["none"] < 400_000_000


def test_a_chapter_without_framework_cells_runs_once_where_that_is_configured(
    tmp_path, runs
):
    common = {"python": {"label": "Python"}}
    book = write_book(tmp_path, cell("print(1)"), frameworks=TWO, common=common)
    book.write(cell("print(2)", "a"), cell("print(3)", "b"), name="y")
    assert book.execute() == []
    assert book.printed("python") == "1\n"
    assert not book.path("a").exists() and not book.path("b").exists()
    assert (book.printed("a", "y"), book.printed("b", "y")) == ("2\n", "3\n")
    assert not book.path("python", "y").exists()
    assert files.orphans(book.chapters, book.settings) == []
    assert verify.problems(book.chapters, book.settings) == []


def test_a_cell_runs_in_the_folder_of_its_page_with_the_books_code(tmp_path):
    code = "import mylib; print(open('data.txt').read(), mylib.x)"
    book = write_book(tmp_path, cell(code))
    book.source("part/deep").parent.mkdir()
    book.write(cell(code), name="part/deep")
    (tmp_path / "mylib.py").write_text("x = 5\n")
    for name in ("x", "part/deep"):
        book.source(name).with_name("data.txt").write_text(f"beside {name}")
    assert book.execute() == []
    assert book.printed() == "beside x 5\n"
    assert book.printed("a", "part/deep") == "beside part/deep 5\n"


def test_only_what_changed_runs_again(tmp_path, runs):
    book = write_book(tmp_path, cell("1", "a"), cell("2", "b"), frameworks=TWO)
    book.write(cell("3", "a"), cell("4", "b"), name="y")
    book.execute()
    assert runs == [("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")]
    runs.clear()
    book.execute()
    assert runs == []
    book.write(cell("1", "a"), cell("5", "b"))
    book.execute()
    assert runs == [("x", "b")]


def test_a_change_of_prose_is_written_without_a_run(book, runs):
    record = book.notebook().metadata.framework_tabs.run
    book.write("Söz.\n", cell("print('eski')"), cell("print('son')"))
    assert book.execute() == []
    assert runs == []
    assert book.notebook().cells[1].source == "Söz."
    assert book.printed() == "eski\nson\n"
    assert book.notebook().metadata.framework_tabs.run == record


def test_force_runs_what_is_up_to_date(book, runs):
    assert book.execute(force=True) == []
    assert runs == [("x", "a")]


def test_what_a_killed_command_was_writing_is_put_away(book):
    left = book.path().with_name(f".{book.path().name}.0a1b.tmp")
    left.write_text('{"cells": [')
    assert book.execute(force=True) == []
    assert not left.exists()


def test_an_earlier_result_comes_back_from_the_cache(book, runs):
    stored = book.path().read_bytes()
    book.write(cell("print('yeni')"))
    book.execute()
    book.write(cell("print('eski')"), cell("print('son')"))
    runs.clear()
    assert book.execute() == []
    assert runs == []
    assert book.path().read_bytes() == stored


@fault("defter elle değiştirildi")
def test_an_output_changed_by_hand_is_replaced(book):
    stored = book.path().read_text(encoding="utf-8")
    book.path().write_text(stored.replace("eski\\n", "yalan\\n", 1), encoding="utf-8")
    assert book.execute() == []
    assert book.path().read_text(encoding="utf-8") == stored


def _change_entries(change):
    """What changes the text of each entry of a cache."""

    def damage(cache: Path) -> None:
        entries = list(cache.rglob("*.json"))
        assert entries
        for path in entries:
            path.write_bytes(change(path.read_bytes()))

    return damage


@fault("önbellek bozuk ya da başka sürümden")
@pytest.mark.parametrize(
    "damage",
    [
        _change_entries(lambda entry: entry[: len(entry) // 2]),
        _change_entries(lambda entry: entry.replace(b"eski", b"yeni")),
        _change_entries(lambda entry: entry.replace(b'"version": ', b'"version": 9')),
        _change_entries(lambda entry: b"\xff\xfe"),
        _change_entries(lambda entry: b"[]"),
        shutil.rmtree,
    ],
    ids="truncated changed version binary other gone".split(),
)
def test_a_damaged_cache_costs_a_run_and_nothing_else(book, runs, damage):
    damage(book.root / "_build" / ".framework_tabs_cache")
    book.path().unlink()
    assert book.execute() == []
    assert book.printed() == "eski\nson\n"
    book.path().unlink()
    assert book.execute() == []
    assert runs == [("x", "a")]


@fault("hücre hata verdi")
def test_a_cell_error_is_reported_and_the_old_notebook_stands(book):
    message = fails(book, cell(PID), cell("1 / 0"), cell("print('sonra')"))
    assert f"chapters/x.md:{book.line('1 / 0') - 1}: x, A, hücre 2/3: " in message
    assert "ZeroDivisionError: division by zero" in message
    assert kernel_is_gone(book)


@fault("çekirdek öldü (`os._exit`, `SIGKILL`)")
@pytest.mark.parametrize(
    ("death", "how"),
    [
        ("import os; os._exit(3)", "çıkış kodu 3"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
        (
            "import os, threading, time\n"
            "threading.Timer(1, os._exit, [3]).start(); time.sleep(600)",
            "çıkış kodu 3",
        ),
    ],
)
def test_a_dead_kernel_is_noticed_at_once(book, death, how):
    began = time.monotonic()
    message = fails(book, cell("1"), cell(death), cell("3"))
    assert time.monotonic() - began < 30
    assert "x, A, hücre 2/3: çekirdek kendiliğinden sonlandı" in message
    assert f":{book.line(death.splitlines()[0]) - 1}: " in message
    assert how in message


@fault("çekirdek dışarıdan öldürüldü")
def test_a_kernel_killed_from_outside_is_noticed(book):
    kill = f"import subprocess\n{PID}\nsubprocess.Popen(['sleep', '600'])\n" + (
        "subprocess.run(['sh', '-c', f'sleep 1; kill -9 {os.getpid()}'])"
    )
    message = fails(book, cell(kill))
    assert "SIGKILL" in message and "hücre 1/1" in message
    children = [p for p in psutil.process_iter(["cmdline"]) if is_ours(p)]
    assert not children


def is_ours(process: psutil.Process) -> bool:
    """Whether this is the child that a killed kernel left behind."""
    return process.info["cmdline"] == ["sleep", "600"]


@fault("çekirdek son hücreden sonra öldü")
def test_a_kernel_that_dies_after_its_last_cell_is_no_success(book, monkeypatch):
    run_cell = kernel._run_cell

    async def and_kill(job, client, cell):
        await run_cell(job, client, cell)
        await client.km.signal_kernel(signal.SIGKILL)
        await client.km.provisioner.wait()

    monkeypatch.setattr(kernel, "_run_cell", and_kill)
    assert "çekirdek kendiliğinden sonlandı" in fails(book, cell("print('yeni')"))


@fault("hücre çok uzun sürdü")
def test_a_cell_that_takes_too_long_is_stopped(tmp_path):
    book = write_book(tmp_path, cell("print('eski')"), timeout=2)
    assert book.execute() == []
    message = fails(book, cell(PID), cell("import time; time.sleep(600)"))
    assert "x, A, hücre 2/2: hücre 2 saniyede bitmedi" in message
    assert "timeout" in message
    assert kernel_is_gone(book)


@fault("hücre `exit` çağırdı")
@pytest.mark.parametrize("code", ["exit", "quit()", "import sys; sys.exit(3)"])
def test_a_cell_that_ends_the_program_is_reported(book, code):
    message = fails(book, cell("1"), cell(code), cell("2"))
    assert "hücre 2/3: hücre programı" in message and "exit" in message


@fault("hücre girdi istedi")
@pytest.mark.parametrize("code", ["input('?')", "import getpass; getpass.getpass()"])
def test_a_cell_that_asks_for_input_is_reported(book, code):
    message = fails(book, cell(code))
    assert "hücre girdi istiyor" in message and "değeri" in message


def test_an_unknown_kernel_is_reported(tmp_path):
    frameworks = {"a": {"label": "A", "kernel": "yok-boyle"}}
    book = write_book(tmp_path, cell("1"), frameworks=frameworks)
    (message,) = book.execute()
    assert "“yok-boyle”" in message and "kernelspec" in message
    assert not book.path().exists()


def test_a_page_runs_in_the_kernel_that_it_asks_for(tmp_path, capsys):
    frameworks = {"a": {"label": "A", "kernel": "yok-boyle"}}
    book = write_book(tmp_path, cell("print(1)"), frameworks=frameworks)
    own = "kernelspec: {name: python3, display_name: Own}"
    text = book.source().read_text(encoding="utf-8")
    book.source().write_text(text.replace("---", f"---\n{own}", 1), encoding="utf-8")
    assert main(["plan", "--root", str(book.root)]) == 0
    assert "notebooks/a/x.ipynb" in capsys.readouterr().out
    assert book.execute() == []
    assert "x, Own, hücre 1/1" in capsys.readouterr().err
    assert book.printed() == "1\n"


def test_a_missing_package_is_reported(tmp_path):
    frameworks = {"a": {"label": "A", "packages": ["yok-boyle-paket"]}}
    book = write_book(tmp_path, cell("1"), frameworks=frameworks)
    (message,) = book.execute()
    assert "yok-boyle-paket" in message and "x, A, hücre 1/1" in message


def test_the_failure_of_one_notebook_leaves_the_others_their_results(tmp_path):
    book = write_book(tmp_path, cell("1 / 0", "a"), cell("2", "b"), frameworks=TWO)
    (message,) = book.execute()
    assert "x, A, hücre 1/1" in message
    assert not book.path("a").exists()
    assert book.code("b")[0].outputs[0].data["text/plain"] == "2"


@pytest.fixture
def small_disk(tmp_path, skip_or_fail):
    """A file system of 256 KiB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount).returncode:
        skip_or_fail("tmpfs bağlanamadı; bu sınama root yetkisi ister.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@fault("disk doldu")
def test_a_full_disk_is_reported_and_the_result_is_not_lost(tmp_path, small_disk, runs):
    book = write_book(tmp_path / "kitap", cell("print('eski')"))
    (tmp_path / "kitap" / "notebooks").symlink_to(small_disk)
    assert book.execute() == []
    filler = small_disk / "dolu"
    with pytest.raises(OSError), open(filler, "wb", buffering=0) as file:
        while True:
            file.write(b"0" * 1024)
    message = fails(book, cell("print('yeni')"), cell("print('son')"))
    assert f"chapters/x.md:{book.line('son') - 1}: x, A, hücre 2/2: " in message
    assert "yazılamadı: No space left on device" in message
    filler.unlink()
    runs.clear()
    assert book.execute() == []
    assert (book.printed(), runs) == ("yeni\nson\n", [])


def test_a_write_that_the_system_refuses_is_reported(book, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    assert "yazılamadı: No space left" in fails(book, cell("print('yeni')"))


@fault("Ctrl-C ya da sonlandırma")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_what_was_there(book, number):
    before = book.path().read_bytes()
    book.write(cell("1"), cell(f"{PID}\nimport time; time.sleep(600)"))
    process = subprocess.Popen(
        [sys.executable, "-m", "framework_tabs", "execute", "--root", str(book.root)],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
    )
    pid = book.source().parent / "pid"
    while not (pid.exists() and pid.read_text()):
        assert process.poll() is None
        time.sleep(0.2)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"chapters/x.md:{book.line(PID) - 1}: x, A, hücre 2/2: " in errors
    assert "kesildi" in errors and "Traceback" not in errors
    assert book.path().read_bytes() == before
    assert kernel_is_gone(book)


def test_notebooks_run_side_by_side_where_there_is_room(tmp_path, monkeypatch):
    meet = (
        "import time\nopen('../{0}.here', 'w').close()\n"
        "import os\nwhile not os.path.exists('../{1}.here'): time.sleep(0.05)"
    )
    parts = cell(meet.format("a", "b"), "a"), cell(meet.format("b", "a"), "b")
    book = write_book(tmp_path, *parts, frameworks=TWO)
    assert book.execute(jobs=2) == []


def test_progress_names_chapter_framework_and_cell(book, capsys):
    book.execute(force=True)
    errors = capsys.readouterr().err
    assert "x, A, hücre 1/2: çalışıyor (geçen süre 0:0" in errors
    assert "x, A, hücre 2/2: çalıştırıldı" in errors
    book.execute()
    assert "güncel" in capsys.readouterr().err


def test_a_long_cell_is_heard_of_again(book, capsys, monkeypatch):
    monkeypatch.setattr(kernel, "HEARTBEAT_SECONDS", 0.3)
    book.write(cell("import time; time.sleep(1)"))
    book.execute()
    assert capsys.readouterr().err.count("hücre 1/1: çalışıyor") >= 3


def test_a_display_updated_by_a_later_cell_is_stored_as_it_ended(tmp_path):
    book = write_book(
        tmp_path,
        cell("print(1)\nprint(2)\nimport sys; sys.stdout.flush()"),
        cell(
            "import sys\nprint('önce'); sys.stdout.flush(); print('ve'); "
            "sys.stdout.flush()\nh = display('eski', display_id=True)\nprint('sonra')"
        ),
        cell("for n in range(3): h.update(n)"),
    )
    assert book.execute() == []
    first, second, third = book.code()
    assert [each.text for each in first.outputs] == ["1\n2\n"]
    before, display, after = second.outputs
    assert (before.text, after.text) == ("önce\nve\n", "sonra\n")
    assert display.data["text/plain"] == "2"
    assert third.outputs == []


def test_streams_of_one_name_are_joined_and_lines_settled():
    def stream(name, text):
        return new_output("stream", name=name, text=text)

    merged = kernel.merge_streams(
        [
            stream("stdout", "a\n"),
            stream("stdout", "%0\r%100"),
            stream("stderr", "uzun\rkı"),
            new_output("display_data", {"text/plain": "x"}),
            stream("stderr", "b\r\n"),
        ]
    )
    assert [out.get("text") for out in merged] == ["a\n%100", "kıun", None, "b\n"]


def test_a_progress_bar_that_wiped_itself_away_leaves_no_output():
    bar = new_output("stream", name="stderr", text="\r%50\r%100\r    \r")

    assert kernel.merge_streams([bar]) == []


def test_an_error_that_a_cell_announces_is_an_output(tmp_path):
    book = write_book(tmp_path, cell("1 / 0", "raises-exception"), cell("2"))
    assert book.execute() == []
    assert book.code()[0].outputs[0].ename == "ZeroDivisionError"


def test_a_cell_tagged_to_be_skipped_is_up_to_date(tmp_path, runs):
    book = write_book(tmp_path, cell("1 / 0", "skip-execution"), frameworks=ONE)
    assert book.execute() == []
    assert book.execute() == []
    assert runs == [("x", "a")]


def test_a_defect_does_not_pass_for_success(book, monkeypatch):
    async def broken(*_):
        await asyncio.sleep(0)
        raise LookupError("iç hata")

    monkeypatch.setattr(execution, "run_cells", broken)
    assert "beklenmeyen hata: LookupError: iç hata" in fails(book, cell("yeni"))


def test_a_cell_that_is_no_longer_skipped_runs(tmp_path, runs):
    book = write_book(tmp_path, cell("print(1)", "skip-execution"), cell("print(2)"))
    assert book.execute() == []
    assert (book.printed(), verify.problems(book.chapters, book.settings)) == (
        "2\n",
        [],
    )
    book.write(cell("print(1)"), cell("print(2)"))
    assert len(verify.problems(book.chapters, book.settings)) > 1
    assert book.execute() == []
    assert (book.printed(), len(runs)) == ("1\n2\n", 2)


def test_an_error_that_is_no_longer_expected_is_one(tmp_path):
    book = write_book(tmp_path, cell("1 / 0", "raises-exception"))
    assert book.execute() == []
    assert "ZeroDivisionError" in fails(book, cell("1 / 0"))


@pytest.mark.parametrize("tag", ["remove-input", "hide-output", "nbval-skip"])
def test_a_tag_about_looks_runs_nothing(book, runs, tag):
    before = book.printed()
    book.write(cell("print('eski')", tag), cell("print('son')"))
    book.path().unlink()
    assert book.execute() == []
    assert (book.printed(), runs) == (before, [])


def test_another_kernel_makes_other_outputs(book):
    def with_kernel(name):
        text = (book.root / "_config.yml").read_text()
        old = re.sub(r"\n *kernel: .*", "", text)
        new = old.replace("label: A", f"label: A\n          kernel: {name}")
        (book.root / "_config.yml").write_text(new)
        return book.settings

    same, other = (with_kernel(name) for name in ("python3", "python4"))
    assert verify.problems(book.chapters, same) == []
    assert any("1/2" in each for each in verify.problems(book.chapters, other))
    book.split()
    assert book.printed() == ""
