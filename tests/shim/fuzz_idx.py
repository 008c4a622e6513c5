"""Looks for a file that breaks the IDX reader; atheris grows it from what it meets.

Run from the repository's folder, with libFuzzer's options and a folder of first files:

    python tests/shim/fuzz_idx.py -runs=100000 FOLDER

The file that breaks it is written to the current folder, and the exit status is not 0.
"""

import sys
import tempfile
from pathlib import Path

import atheris
import numpy as np  # noqa: F401  before the next line, which would instrument NumPy too

with atheris.instrument_imports():
    import gzip

    from d2l_shim import idx
    from d2l_shim.errors import DataError

MEMORY = "/dev/shm"  # Linux, where alone there is atheris, keeps files there in memory
ITEM_SHAPES = (), (3,), (28, 28)


def check(path, content, item_shape):
    """Read the file: what comes back is all that is in it, or the error comes."""
    path.write_bytes(content)
    try:
        values = idx.read(path, item_shape)
    except DataError:
        return
    header = np.array([0x0800 + values.ndim, *values.shape], ">u4")
    plain = gzip.decompress(content) if content[:2] == idx.GZIP_START else content
    assert header.tobytes() + values.tobytes() == plain


def main():
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder, "file")

        def test_one_input(data):
            for item_shape in ITEM_SHAPES:
                check(path, data, item_shape)

        atheris.Setup(sys.argv, test_one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
