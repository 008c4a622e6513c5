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

from d2l_shim.errors import DataError, disk_cause

GZIP_START = b"\x1f\x8b"
CHUNK = 1 << 20  # bytes


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
            return _read_values(file, (count, *item_shape))
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


def _read_values(file: BinaryIO, shape: tuple[int, ...]) -> np.ndarray:
    """Return the values. Memory is taken for what is there, not what is promised."""
    size = math.prod(shape)
    values = bytearray()
    while len(values) < size:
        chunk = file.read(min(CHUNK, size - len(values)))
        if not chunk:
            raise _Damage(f"dosya yarım: {size} baytın {len(values)} baytı var")
        values += chunk
    if file.read(1):  # reading to the end also makes gzip verify its checksum
        raise _Damage(f"başlıkta bildirilen {shape[0]} öğeden sonra fazladan veri var")
    return np.frombuffer(values, np.uint8).reshape(shape)


def _cause(error: Exception) -> str:
    if isinstance(error, _Damage):
        return str(error)
    if isinstance(error, (gzip.BadGzipFile, EOFError, zlib.error)):
        return "gzip verisi bozuk ya da yarım"
    return disk_cause(error)
