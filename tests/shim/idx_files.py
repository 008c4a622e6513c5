"""Writes small IDX files for the tests of the data path."""

import gzip
import struct

import numpy as np

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def idx_bytes(values, magic=None, shape=None):
    """Return `values` as an IDX file, with a false header where one is given."""
    values = np.asarray(values, np.uint8)
    shape = values.shape if shape is None else shape
    magic = 0x0800 + len(shape) if magic is None else magic
    return struct.pack(f">{1 + len(shape)}I", magic, *shape) + values.tobytes()


def random_split(count, seed=0):
    """Return `count` random images and labels."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    return images, (np.arange(count) % 10).astype(np.uint8)


def write_data(folder, train, test, compress=True):
    """Write both splits, each (images, labels), as the four files of the data set."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in zip(NAMES, (*train, *test), strict=True):
        content = idx_bytes(values)
        if compress:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
        else:
            (folder / name).write_bytes(content)
    return folder
