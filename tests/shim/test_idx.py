"""The IDX reader: what it accepts, and what it says about each kind of damage."""

import gzip

import numpy as np
import pytest
from idx_files import idx_bytes, random_split

from d2l_shim.errors import DataError
from d2l_shim.idx import read

IMAGES, LABELS = random_split(3)
IMAGE = (28, 28)


def write(tmp_path, content):
    path = tmp_path / "file.gz"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_reads_images_plain_or_compressed_whatever_the_name(tmp_path, pack):
    images = read(write(tmp_path, pack(idx_bytes(IMAGES))), IMAGE)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, IMAGES)


def test_reads_labels(tmp_path):
    np.testing.assert_array_equal(read(write(tmp_path, idx_bytes(LABELS))), LABELS)


def test_reads_more_than_one_chunk(tmp_path):
    images, _ = random_split(3000)
    path = write(tmp_path, gzip.compress(idx_bytes(images), 1))
    np.testing.assert_array_equal(read(path, IMAGE), images)


def flip_last_checksum_byte(content):
    return content[:-5] + bytes([content[-5] ^ 1]) + content[-4:]


DAMAGED = {
    "empty": (b"", "başlık yarım"),
    "half a header": (idx_bytes(IMAGES)[:10], "başlık yarım"),
    "wrong magic number": (idx_bytes(IMAGES, magic=2049), "2051 olmalıyken 2049"),
    "not IDX": (b"<!DOCTYPE html><html></html>", "IDX sihirli sayısı 2051"),
    "other image size": (
        idx_bytes(np.zeros((2, 32, 32))),
        r"\(28, 28\) olmalıyken \(32, 32\)",
    ),
    "too few bytes": (idx_bytes(IMAGES)[:-1], "2352 baytın 2351 baytı var"),
    "too many bytes": (idx_bytes(IMAGES) + b"x", "3 öğeden sonra fazladan veri"),
    "truncated gzip": (gzip.compress(idx_bytes(IMAGES))[:1500], "gzip verisi bozuk"),
    "gzip without its end": (gzip.compress(idx_bytes(IMAGES))[:-4], "gzip verisi"),
    "gzip with a wrong checksum": (
        flip_last_checksum_byte(gzip.compress(idx_bytes(IMAGES))),
        "gzip verisi bozuk",
    ),
    "gzip of nonsense": (b"\x1f\x8b\x08" + bytes(range(60)), "gzip verisi bozuk"),
}


@pytest.mark.parametrize("content, cause", DAMAGED.values(), ids=DAMAGED.keys())
def test_damage_is_reported_with_file_cause_and_next_step(tmp_path, content, cause):
    path = write(tmp_path, content)
    with pytest.raises(DataError, match=cause) as caught:
        read(path, IMAGE)
    assert str(path) in str(caught.value)
    assert "yeniden indirin" in str(caught.value)


def test_a_file_that_is_not_there_is_reported_alike(tmp_path):
    with pytest.raises(DataError, match="okunamadı: .*file.gz .böyle bir dosya"):
        read(tmp_path / "file.gz", IMAGE)
