"""Fetches a file of known checksum into a folder, whatever the network does meanwhile.

The outcome is the right file or one `DataError`, within bounded time. A file is
downloaded under a temporary name beside its place, checked, and only then renamed: what
carries the right name is never half a file, and a sound one is never given up. Which
files there are, and what is in them, is the business of the modules that call this.
"""

import glob
import queue
import threading
import time
import uuid
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import requests
from filelock import FileLock, Timeout
from tqdm import tqdm

with warnings.catch_warnings():
    # A part of tqdm that pooch imports asks readers for ipywidgets; nothing needs them.
    warnings.filterwarnings("ignore", message="IProgress not found")
    import pooch

from d2l_shim.errors import DataError, disk_cause

# A read timeout starts anew with every byte, so that alone it would not stop a server
# that sends one byte now and then. What counts is the smallest rate: so many bytes in
# so many seconds, connecting and headers included.
PATIENCE = 30  # seconds
SLOWEST = 64 * 1024  # bytes
CONNECT_TIMEOUT = 10  # seconds, for each of a server's addresses
LARGEST = 4 * 2**30  # bytes: an answer that goes on beyond this never ends
LOCK_PATIENCE = 300  # seconds to wait for another process that downloads the same file
CHUNK = 16 * 1024  # bytes
CHUNKS_AHEAD = 64


def cache_folder(name: str) -> Path:
    """Return the folder `name` of this package's cache. It may not be there yet."""
    return pooch.os_cache("d2l_shim") / name


def fetch(
    urls: Sequence[str], name: str, checksum: str, folder: Path, alternative: str = ""
) -> Path:
    """Return the path of a sound file, downloaded if the folder does not hold it.

    Several processes may do this at once; one of them downloads.

    Parameters
    ----------
    urls : sequence of str
        Addresses of the same file, tried in this order.
    name : str
        The file's name in `folder`.
    checksum : str
        ``"sha256:<hex>"`` or ``"sha1:<hex>"``.
    folder : Path
        Made if needed. It may be read-only once it holds the file.
    alternative : str
        What else helps the reader, to end a sentence: "… klasörü gösterin".

    Raises
    ------
    DataError
        No address gave the right file in time, or the folder cannot take it. What was
        in the folder before is still there.
    """
    path = folder / name
    try:
        if not _is_sound(path, checksum):
            folder.mkdir(parents=True, exist_ok=True)
            with _turn(path) as locked:
                if not _is_sound(path, checksum):  # another process may have been first
                    _download_from_any(urls, path, checksum, locked, alternative)
    except OSError as error:
        steps = ["Klasörü yazılabilir yapın", "diskte yer açın"]
        raise DataError(
            f"{name} kaydedilemedi: {folder} klasörü kullanılamıyor "
            f"({disk_cause(error)}). {_choices(steps, alternative)}"
        ) from error
    return path


class _BadAnswer(Exception):
    """Why an address did not give the file, as a Turkish phrase."""


def _is_sound(path: Path, checksum: str) -> bool:
    algorithm, _, expected = checksum.partition(":")
    try:
        return pooch.file_hash(path, algorithm) == expected.lower()
    except OSError:  # not there or not readable
        return False


def _choices(steps: list[str], alternative: str) -> str:
    *first, last = [*steps, alternative] if alternative else steps
    return f"{', '.join(first)} ya da {last}." if first else f"{last}."


def _download_from_any(
    urls: Sequence[str], path: Path, checksum: str, locked: bool, alternative: str
) -> None:
    causes = []
    with _partial_file(path, locked) as partial:
        for url in urls:
            try:
                _download(url, partial, path.name)
                if not _is_sound(partial, checksum):
                    raise _BadAnswer("sağlama toplamı tutmuyor")
                partial.replace(path)
                return
            except _BadAnswer as cause:
                causes.append(f"{_host(url)}: {cause}")
    steps = ["İnternet bağlantısını denetleyip yeniden deneyin"]
    raise DataError(
        f"{path.name} indirilemedi ({'; '.join(causes)}). "
        f"{_choices(steps, alternative)}"
    )


@contextmanager
def _turn(path: Path) -> Iterator[bool]:
    """Wait for our turn to download `path`; yield whether we hold the lock.

    The lock spares the server nine of ten requests, but nothing relies on it: where the
    file system has none, or its holder hangs, the download goes on without. The
    operating system frees the lock of a process that has died.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        _acquire(lock, path.name)
    except OSError:  # also filelock's Timeout
        pass
    try:
        yield lock.is_locked
    finally:
        lock.release()


def _acquire(lock: FileLock, name: str) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        line = f"{name}: başka bir program indiriyor, bitmesi bekleniyor"
        with tqdm(desc=line, bar_format="{desc}", leave=False):
            lock.acquire(timeout=LOCK_PATIENCE)


@contextmanager
def _partial_file(path: Path, locked: bool) -> Iterator[Path]:
    """Yield a free name beside `path` that only this process writes to.

    Who holds the lock is alone with the ending ".part": other files that have it were
    left behind by a process that was killed, and go. Without the lock nothing is known
    of other processes, so those files have another ending and stay.
    """
    ending = "part" if locked else "unlocked"
    token = uuid.uuid4().hex
    if locked:
        any_token = "?" * len(token)
        for orphan in path.parent.glob(f".{glob.escape(path.name)}.{any_token}.part"):
            orphan.unlink()
    partial = path.with_name(f".{path.name}.{token}.{ending}")
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def _download(url: str, path: Path, name: str) -> None:
    """Write the body to `path`, with a progress bar that vanishes at the end."""
    # Pooch sets the total; until then any number keeps tqdm from refusing to be a bool.
    bar = tqdm(desc=name, total=1, unit="B", unit_scale=True, leave=False)
    with open(path, "wb") as file, bar:
        size = 0
        for chunk in _chunks(url, bar):
            size += len(chunk)
            if size > LARGEST:
                raise _BadAnswer("yanıtın sonu gelmiyor")
            file.write(chunk)


def _chunks(url: str, bar: tqdm) -> Iterator[bytes]:
    """Yield the body in pieces, as long as they come fast enough.

    A thread of its own waits for the network, since nothing can bound the time that a
    call into the network takes. When nobody takes its pieces any longer, it ends.
    """
    pipe = _Pipe(CHUNKS_AHEAD)
    thread = threading.Thread(target=_fill, args=(pipe, url, bar), daemon=True)
    thread.start()
    received, due = 0, time.monotonic() + PATIENCE
    while piece := _next_piece(pipe, due):
        yield piece
        received += len(piece)
        if received >= SLOWEST:
            received, due = 0, time.monotonic() + PATIENCE


def _next_piece(pipe: "_Pipe", due: float) -> bytes:
    """Return the next piece, or b"" after the last one."""
    try:
        piece = pipe.get(timeout=max(due - time.monotonic(), 0))
    except queue.Empty:
        raise _BadAnswer(TOO_SLOW) from None
    if isinstance(piece, Exception):
        raise _BadAnswer(_network_cause(piece)) from piece
    return piece


class _Pipe(queue.Queue):
    """A queue of pieces that pooch takes for a file. An exception ends it, or b""."""

    def write(self, piece: bytes | Exception) -> None:
        self.put(piece, timeout=2 * PATIENCE)

    def flush(self) -> None:
        """Do nothing: there is no buffer."""


def _fill(pipe: _Pipe, url: str, bar: tqdm) -> None:
    get = pooch.HTTPDownloader(
        progressbar=bar,
        chunk_size=CHUNK,
        timeout=(CONNECT_TIMEOUT, 2 * PATIENCE),  # only ends this thread in the end
        headers={"Accept-Encoding": "identity"},
    )
    try:
        get(url, pipe, None)
        end = b""
    except Exception as error:  # whatever a server can bring about counts against it
        end = error
    with suppress(queue.Full):
        pipe.write(end)


TOO_SLOW = "sunucu yanıt vermiyor ya da çok yavaş"


def _network_cause(error: Exception) -> str:
    if isinstance(error, requests.TooManyRedirects):
        return "yönlendirmelerin sonu gelmiyor"
    if isinstance(error, requests.HTTPError):
        return f"sunucu {error.response.status_code} yanıtını verdi"
    if isinstance(error, requests.Timeout):
        return TOO_SLOW
    if isinstance(error, requests.exceptions.SSLError):
        return "güvenli bağlantı kurulamadı, bilgisayarın saati yanlış olabilir"
    if isinstance(error, requests.ConnectionError):
        return "bağlantı kurulamadı ya da koptu"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "aktarım yarıda kaldı"
    return "yanıt anlaşılamadı"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
