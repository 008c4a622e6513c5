"""Reads IDX files, the format of the MNIST family, plain or gzip-compressed.

An IDX file of bytes holds the magic number 0x0800 + number of dimensions, each
dimension's size (all big-endian 32-bit integers), then the values. This module
checks the format only; what the numbers mean is the caller's business.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

GZIP_START = b"\x1f\x8b"
# DEFLATE cannot shrink data further than this, so a header that promises more than
# the file could possibly hold is caught before any memory is set aside for it.
GZIP_LARGEST_RATIO = 1032
CHUNK = 1 << 20


class DataError(RuntimeError):
    """The data set is missing or damaged. The message is for the reader, in Turkish."""


def read(path: Path, item_shape: tuple[int, ...] = ()) -> np.ndarray:
    """Return the values of an IDX file of bytes.

    Parameters
    ----------
    path : Path
        The file; gzip is recognised by its content, not by its name.
    item_shape : tuple of int
        The shape each item must have: `(28, 28)` for images, `()` for labels.

    Returns
    -------
    numpy.ndarray
        uint8, shape (number of items, *item_shape).

    Raises
    ------
    DataError
        If the file cannot be read, is damaged, or is not such an IDX file.
    """
    try:
        with _open(path) as file:
            count = _read_header(file, item_shape)
            return _read_values(file, (count, *item_shape), _capacity(path))
    except (OSError, EOFError, zlib.error, _Damage) as error:
        raise DataError(
            f"Veri dosyası okunamadı: {path} ({_cause(error)}). "
            "Dosyayı silip yeniden indirin ya da sağlam bir kopyasıyla değiştirin."
        ) from error


class _Damage(Exception):
    """What is wrong with the file, as a Turkish phrase."""


def _open(path: Path) -> BinaryIO:
    with open(path, "rb") as file:
        compressed = file.read(len(GZIP_START)) == GZIP_START
    return gzip.open(path, "rb") if compressed else open(path, "rb")


def _read_header(file: BinaryIO, item_shape: tuple[int, ...]) -> int:
    """Return the number of items, having checked the rest of the header."""
    length = 4 * (2 + len(item_shape))
    header = file.read(length)
    if len(header) < length:
        raise _Damage("başlık yarım")
    magic, count, *shape = struct.unpack(f">{length // 4}I", header)
    expected = 0x0800 + 1 + len(item_shape)
    if magic != expected:
        raise _Damage(f"IDX sihirli sayısı {expected} olmalıyken {magic}")
    if tuple(shape) != item_shape:
        raise _Damage(f"öğe boyutları {item_shape} olmalıyken {tuple(shape)}")
    return count


def _capacity(path: Path) -> int:
    """Return an upper bound of the bytes that the file can unpack to."""
    return path.stat().st_size * GZIP_LARGEST_RATIO


def _read_values(file: BinaryIO, shape: tuple[int, ...], capacity: int) -> np.ndarray:
    size = math.prod(shape)
    if size > capacity:
        raise _Damage(f"başlık {shape[0]} öğe bildiriyor, dosya bunun için çok küçük")
    values = np.empty(size, np.uint8)
    filled = 0
    while filled < size:
        read = file.readinto(values[filled : filled + CHUNK].data)
        if not read:
            raise _Damage(f"dosya yarım: {size} bayttan {filled} bayt var")
        filled += read
    if file.read(1):  # reading to the end also makes gzip verify its checksum
        raise _Damage(f"başlıkta bildirilen {shape[0]} öğeden sonra fazladan veri var")
    return values.reshape(shape)


def _cause(error: Exception) -> str:
    if isinstance(error, _Damage):
        return str(error)
    if isinstance(error, (gzip.BadGzipFile, EOFError, zlib.error)):
        return "gzip verisi bozuk ya da yarım"
    if isinstance(error, PermissionError):
        return "okuma izni yok"
    return error.strerror or str(error)
