"""Downloads end with the right file or one clear error, whatever server and disk do."""

import contextlib
import gzip
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from d2l_shim import downloads
from d2l_shim.errors import DataError
from tests import policy
from tests.shim.bad_server import (
    bad_server,
    drip,
    ok,
    pour,
    redirect,
    reset,
    send,
    stall,
    status,
)

BODY = bytes(range(256)) * 1024
SHA256 = f"sha256:{hashlib.sha256(BODY).hexdigest()}"
SHA1 = f"sha1:{hashlib.sha1(BODY).hexdigest()}"
NAME = "data.bin"
HALF = ok(BODY[: len(BODY) // 2], length=len(BODY))
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = 300  # seconds: longer than anything takes that does not hang


@pytest.fixture
def server():
    with bad_server() as server:
        yield server


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def fetch(urls, folder, checksum=SHA256):
    return downloads.fetch(urls, NAME, checksum, folder, "başka bir yol deneyin")


def content(folder):
    """Map the names in the folder to what is in the files, without the locks."""
    files = [path for path in folder.iterdir() if not path.name.endswith(".lock")]
    return {path.name: path.read_bytes() for path in files}


def refused(urls, folder):
    """Return the message of the error that the download ends with."""
    with pytest.raises(DataError) as caught:
        fetch(urls, folder)
    return str(caught.value)


@pytest.mark.parametrize(
    "checksum", [SHA256, SHA1, SHA256.upper().replace("SHA", "sha")]
)
def test_a_file_is_downloaded_once(server, folder, checksum):
    url = server.answer("good", send(ok(BODY)))
    for _ in range(2):
        assert fetch([url], folder, checksum) == folder / NAME
    assert content(folder) == {NAME: BODY}
    assert server.requests == ["good"]


# A server that answers badly

TOO_SLOW = "sunucu yanıt vermiyor ya da çok yavaş"
BROKEN_OFF = "bağlantı kurulamadı ya da koptu"
CUT_SHORT = "aktarım yarıda kaldı"
OTHER = "sağlama toplamı tutmuyor"
NONSENSE = "yanıt anlaşılamadı"

BAD = {
    "other content": (send(ok(BODY[::-1])), OTHER),
    "no content": (send(ok(b"")), OTHER),
    "a web page": (send(ok(b"<html>Log in first</html>")), OTHER),
    "truncated": (send(HALF), CUT_SHORT),
    "truncated, length not told": (send(b"HTTP/1.0 200 OK\r\n\r\n" + BODY[:99]), OTHER),
    "too long": (send(ok(BODY + b"x")), OTHER),
    "chunks without end": (send(CHUNKED + b"5\r\nhello\r\n"), CUT_SHORT),
    "chunks of no size": (send(CHUNKED + b"zz\r\nhello\r\n"), CUT_SHORT),
    "a false gzip encoding": (send(ok(BODY, Content_Encoding="gzip")), NONSENSE),
    "two lengths": (send(ok(BODY, Content_length="5")), NONSENSE),
    "a length that is no number": (send(ok(BODY, length="many")), NONSENSE),
    "a status that is no number": (send(b"HTTP/1.1 OK 200\r\n\r\n"), BROKEN_OFF),
    "not HTTP": (send(BODY), BROKEN_OFF),
    "nothing": (send(b""), BROKEN_OFF),
    "a reset": (reset(), BROKEN_OFF),
    "a reset in the headers": (reset(b"HTTP/1.1 200 OK\r\nServer"), BROKEN_OFF),
    "a reset in the middle": (reset(HALF), CUT_SHORT),
    "a redirect to nowhere": (redirect("http://[broken"), NONSENSE),
    "a redirect to a file": (redirect("file:///etc/hostname"), NONSENSE),
    "a redirect that loops": (redirect("/bad"), "yönlendirmelerin sonu gelmiyor"),
    **{
        str(code): (status(code), f"sunucu {code} yanıtını verdi")
        for code in (401, 403, 404, 429, 500, 503)
    },
}
SLOW = {
    "a stall": stall(),
    "a stall in the headers": stall(b"HTTP/1.1 200 OK\r\nServer"),
    "a stall after the headers": stall(ok(b"", length=len(BODY))),
    "a stall in the middle": stall(HALF),
    "a stall before the last byte": stall(ok(BODY[:-1], length=len(BODY))),
    "dripping headers": drip(b"HTTP/1.1 200 OK\r\nServer: "),
    "headers without end": drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "a dripping body": drip(ok(b"", length=len(BODY))),
    "a dripping body without end": drip(b"HTTP/1.0 200 OK\r\n\r\n"),
    "dripping chunks": drip(CHUNKED, b"1\r\nx\r\n"),
}


def expect_refusal(url, folder, cause):
    message = refused([url], folder)
    assert message.startswith(f"{NAME} indirilemedi (127.0.0.1:")
    assert f": {cause}). " in message
    assert message.endswith("yeniden deneyin ya da başka bir yol deneyin.")
    assert content(folder) == {}


@pytest.mark.parametrize("bad, cause", BAD.values(), ids=BAD)
def test_a_bad_answer_is_refused_and_the_next_address_asked(server, folder, bad, cause):
    bad = server.answer("bad", bad)
    expect_refusal(bad, folder, cause)
    good = server.answer("good", send(ok(BODY)))
    assert fetch([bad, good], folder).read_bytes() == BODY
    assert content(folder) == {NAME: BODY}


@pytest.mark.parametrize("bad", SLOW.values(), ids=SLOW)
def test_a_slow_answer_is_given_up_in_time(server, folder, monkeypatch, bad):
    monkeypatch.setattr(downloads, "PATIENCE", 0.5)
    expect_refusal(server.answer("bad", bad), folder, TOO_SLOW)


def test_after_a_slow_answer_the_next_address_is_asked(server, folder, monkeypatch):
    monkeypatch.setattr(downloads, "PATIENCE", 2)
    slow = server.answer("slow", drip(HALF))
    good = server.answer("good", send(ok(BODY)))
    assert fetch([slow, good], folder).read_bytes() == BODY
    assert content(folder) == {NAME: BODY}


@pytest.mark.parametrize("raw", [b"HTTP/1.0 200 OK\r\n\r\n", ok(b"", length=10**15)])
def test_an_answer_without_end_does_not_fill_the_disk(server, folder, monkeypatch, raw):
    monkeypatch.setattr(downloads, "LARGEST", 2**20)
    expect_refusal(server.answer("bad", pour(raw)), folder, "yanıtın sonu gelmiyor")


def test_a_slow_server_that_keeps_the_smallest_rate_is_waited_for(
    server, folder, monkeypatch
):
    monkeypatch.setattr(downloads, "PATIENCE", 2)
    monkeypatch.setattr(downloads, "SLOWEST", 2048)

    def answer(handler):
        handler.wfile.write(ok(b"", length=len(BODY)))
        for start in range(0, len(BODY), 2**14):
            time.sleep(0.15)
            handler.wfile.write(BODY[start : start + 2**14])

    began = time.monotonic()
    fetch([server.answer("slow", answer)], folder)
    assert time.monotonic() - began > downloads.PATIENCE


def test_a_server_that_compresses_on_the_way_gives_the_file_itself(server, folder):
    raw = ok(gzip.compress(BODY), Content_Encoding="gzip")
    assert fetch([server.answer("gzip", send(raw))], folder).read_bytes() == BODY


def test_a_server_is_asked_not_to_compress(server, folder):
    """Some that may compress call a file that is compressed already a plain one."""

    def answer(handler):
        compress = "gzip" in handler.headers["Accept-Encoding"]
        encoding = {"Content_Encoding": "gzip"} if compress else {}
        handler.wfile.write(ok(BODY, **encoding))

    assert fetch([server.answer("file", answer)], folder).read_bytes() == BODY


def test_a_redirect_is_followed(server, folder):
    server.answer("good", send(ok(BODY)))
    url = server.answer("moved", redirect("/good"))
    assert fetch([url], folder).read_bytes() == BODY


def test_the_error_names_every_address_with_its_cause(server, folder):
    urls = [server.answer(str(code), status(code)) for code in (404, 500)]
    host = f"127.0.0.1:{server.server_port}"
    assert refused(urls, folder) == (
        f"{NAME} indirilemedi ({host}: sunucu 404 yanıtını verdi; "
        f"{host}: sunucu 500 yanıtını verdi). İnternet bağlantısını denetleyip "
        "yeniden deneyin ya da başka bir yol deneyin."
    )


def test_a_port_where_nobody_listens(folder):
    assert BROKEN_OFF in refused(["http://127.0.0.1:1/data"], folder)


GOOD_ANSWER = ok(BODY[:600])


@st.composite
def mutations(draw):
    """Draw a good answer in which some bytes were replaced, dropped or put in."""
    raw = bytearray(GOOD_ANSWER)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, 60) | st.integers(0, len(raw)))
        raw[start : start + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(raw)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(raw=mutations() | st.binary(max_size=200))
def test_any_bytes_for_an_answer_end_in_the_right_file_or_the_error(
    server, folder, raw
):
    checksum = f"sha256:{hashlib.sha256(BODY[:600]).hexdigest()}"
    url = server.answer("any", send(raw))
    with contextlib.suppress(DataError):
        path = fetch([url], folder, checksum)
        assert path.read_bytes() == BODY[:600]
        path.unlink()
    assert content(folder) == {}


# What is in the folder already


def test_a_sound_file_is_kept_although_the_server_fails(server, folder):
    fetch([server.answer("good", send(ok(BODY)))], folder)
    before = (folder / NAME).stat()
    assert fetch([server.answer("bad", status(500))], folder) == folder / NAME
    assert (folder / NAME).stat() == before


@pytest.mark.parametrize("damaged", [b"", BODY[:-1], BODY[:-1] + b"?"])
def test_a_damaged_file_is_replaced_by_a_sound_one_only(server, folder, damaged):
    folder.mkdir()
    (folder / NAME).write_bytes(damaged)
    assert OTHER in refused([server.answer("bad", send(ok(b"no")))], folder)
    assert content(folder) == {NAME: damaged}
    fetch([server.answer("good", send(ok(BODY)))], folder)
    assert content(folder) == {NAME: BODY}


def leftover(folder, name, ending="part"):
    """Leave what a killed process leaves, dated long after today."""
    path = folder / f".{name}.{'0123456789abcdef' * 2}.{ending}"
    path.write_bytes(b"half")
    os.utime(path, (2**32, 2**32))
    return path


def test_what_a_killed_process_left_is_removed_and_nothing_else(server, folder):
    folder.mkdir()
    orphan = leftover(folder, NAME)
    others = [
        leftover(folder, f"{NAME}.gz"),  # perhaps another process downloads that now
        leftover(folder, NAME, "unlocked"),  # its writer had no lock, and may live
        folder / f".{NAME}.notes.part",
    ]
    others[-1].write_text("mine")
    fetch([server.answer("good", send(ok(BODY)))], folder)
    assert not orphan.exists()
    assert all(other.exists() for other in others)


# The disk


@pytest.fixture
def disk(tmp_path):
    """A file system of its own with room for little more than one file."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={len(BODY) * 3 // 2}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount).returncode:
        policy.skip_or_fail("tmpfs bağlanamadı; bu sınama root yetkisi ister.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def make_read_only(disk):
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def test_a_full_disk_is_one_clear_error_and_other_files_stay(server, disk):
    (disk / "mine").write_bytes(BODY)
    good, other = [server.answer(name, send(ok(BODY))) for name in ("good", "other")]
    assert refused([good, other], disk) == (
        f"{NAME} kaydedilemedi: {disk} klasörü kullanılamıyor (diskte yer yok). "
        "Klasörü yazılabilir yapın, diskte yer açın ya da başka bir yol deneyin."
    )
    assert content(disk) == {"mine": BODY}
    assert server.requests == ["good"]


def test_a_full_disk_does_not_cost_the_file_that_is_to_be_replaced(server, disk):
    (disk / NAME).write_bytes(BODY[::-1])
    good = server.answer("good", send(ok(BODY)))
    assert "diskte yer yok" in refused([good], disk)
    assert content(disk) == {NAME: BODY[::-1]}


def test_a_read_only_folder_with_the_file_will_do(server, disk):
    url = server.answer("good", send(ok(BODY)))
    fetch([url], disk)
    make_read_only(disk)
    assert fetch([url], disk).read_bytes() == BODY
    assert server.requests == ["good"]


def test_a_read_only_folder_without_the_file_is_one_clear_error(server, disk):
    make_read_only(disk)
    url = server.answer("good", send(ok(BODY)))
    for folder in disk, disk / "below":
        assert f"{folder} klasörü kullanılamıyor (dosya sistemi salt okunur)" in (
            refused([url], folder)
        )
    assert server.requests == []


def test_a_folder_that_is_a_file_is_one_clear_error(server, folder):
    folder.write_text("mine")
    url = server.answer("good", send(ok(BODY)))
    assert "bu adda bir dosya var" in refused([url], folder)
    assert folder.read_text() == "mine"


def test_a_folder_with_the_file_s_name_is_one_clear_error(server, folder):
    (folder / NAME).mkdir(parents=True)
    url = server.answer("good", send(ok(BODY)))
    assert "bu adda bir klasör var" in refused([url], folder)


# Several processes, and those that die


FETCH = """
import pathlib, signal, sys
from d2l_shim import downloads
name, checksum, folder, *urls = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
path = downloads.fetch(urls, name, checksum, pathlib.Path(folder))
print(path.stat().st_size, "bytes")
"""
FETCHED = f"{len(BODY)} bytes\n".encode()


@pytest.fixture
def start(root, folder):
    """Return a function that starts a process which downloads; none outlives us."""
    processes = []

    def start(*urls, code=FETCH):
        process = subprocess.Popen(
            [sys.executable, "-c", code, NAME, SHA256, str(folder), *urls],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        processes.append(process)
        assert process.stdout.readline() == b"ready\n", process.stderr.read()
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def gated(gate, raw=HALF):
    """Answer with these bytes, and with the other half once the gate is open."""

    def answer(handler):
        handler.wfile.write(raw)
        if gate.wait(LONG):
            handler.wfile.write(BODY[len(BODY) // 2 :])

    return answer


def wait_for_half_a_file(folder):
    deadline = time.monotonic() + LONG
    while not any(path.stat().st_size for path in folder.glob(".*.part")):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_for_its_turn(process):
    """Return once the process has said that another one downloads the file."""
    said = b""
    while b"bekleniyor" not in said:
        said += process.stderr.read(1)


def test_ten_processes_at_once_download_a_file_once(server, folder, start):
    gate = threading.Event()
    url = server.answer("good", gated(gate))
    processes = [start(url) for _ in range(10)]
    gate.set()
    for process in processes:
        printed, complaint = process.communicate(timeout=LONG)
        assert printed == FETCHED, complaint
    assert server.requests == ["good"]
    assert content(folder) == {NAME: BODY}


def test_kill_9_in_the_middle_leaves_nothing_that_lasts(server, folder, start):
    process = start(server.answer("half", stall(HALF)))
    wait_for_half_a_file(folder)
    process.kill()
    process.wait()
    (left,) = content(folder)
    assert left.endswith(".part")
    began = time.monotonic()
    fetch([server.answer("good", send(ok(BODY)))], folder)
    assert time.monotonic() - began < downloads.LOCK_PATIENCE / 2
    assert content(folder) == {NAME: BODY}


def test_when_the_process_that_downloads_is_killed_one_that_waits_takes_over(
    server, folder, start
):
    first = start(server.answer("file", stall(HALF)))
    wait_for_half_a_file(folder)
    second = start(server.answer("file", send(ok(BODY))))
    wait_for_its_turn(second)
    first.kill()
    assert second.communicate(timeout=LONG)[0] == FETCHED
    assert content(folder) == {NAME: BODY}


def test_a_process_that_hangs_is_not_waited_for_for_ever(
    server, folder, start, monkeypatch
):
    monkeypatch.setattr(downloads, "LOCK_PATIENCE", 1)
    gate = threading.Event()
    other = start(server.answer("other", gated(gate)))
    wait_for_half_a_file(folder)
    other.send_signal(signal.SIGSTOP)
    url = server.answer("good", send(ok(BODY)))
    assert fetch([url], folder).read_bytes() == BODY
    other.send_signal(signal.SIGCONT)
    gate.set()
    assert other.communicate(timeout=LONG)[0] == FETCHED
    assert content(folder) == {NAME: BODY}


def test_without_a_lock_the_file_comes_and_what_others_write_stays(server, folder):
    (folder / f".{NAME}.lock").mkdir(parents=True)
    other = leftover(folder, NAME)
    url = server.answer("good", send(ok(BODY)))
    assert fetch([url], folder).read_bytes() == BODY
    assert other.exists()


def test_ctrl_c_ends_a_download_at_once_and_leaves_nothing(server, folder, start):
    process = start(server.answer("half", stall(HALF)))
    wait_for_half_a_file(folder)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    complaint = process.communicate(timeout=LONG)[1]
    assert time.monotonic() - began < downloads.PATIENCE
    assert process.returncode == -signal.SIGINT
    assert complaint.endswith(b"KeyboardInterrupt\n")
    assert content(folder) == {}


def test_ctrl_c_ends_the_wait_for_another_process(server, folder, start):
    gate = threading.Event()
    url = server.answer("good", gated(gate))
    first = start(url)
    wait_for_half_a_file(folder)
    second = start(url)
    wait_for_its_turn(second)
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=LONG)
    assert second.returncode == -signal.SIGINT
    gate.set()
    assert first.communicate(timeout=LONG)[0] == FETCHED
    assert content(folder) == {NAME: BODY}


BACKWARDS = """
import itertools, time
hours = itertools.count()
time.time = lambda: 2e9 - 3600 * next(hours)
from d2l_shim import downloads
downloads.PATIENCE = 2
"""


def test_a_clock_that_goes_backwards_changes_nothing(server, folder, start):
    urls = [server.answer("slow", drip(HALF)), server.answer("good", send(ok(BODY)))]
    for _ in range(2):
        process = start(*urls, code=BACKWARDS + FETCH)
        printed, complaint = process.communicate(timeout=LONG)
        assert printed == FETCHED, complaint
        os.utime(folder / NAME, (2**32, 2**32))
    assert server.requests == ["slow", "good"]
