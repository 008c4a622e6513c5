"""Whatever is in a file, the IDX reader gives what is there or says that it is damaged.

First Hypothesis with files that are nearly right, then atheris with whatever leads it
to lines of the reader that it has not seen.
"""

import contextlib
import gzip
import importlib.util
import os
import subprocess
import sys
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from idx_files import idx_bytes, random_split

from d2l_shim import idx
from d2l_shim.errors import DataError
from tests import policy

RUNS = 40_000
MEGABYTE = 2**20
one_file_for_all = settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def path():
    """A file in memory, where the system has such: it is written hundreds of times."""
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder, "file")


def two_members(content):
    return gzip.compress(content[:5]) + gzip.compress(content[5:])


packings = st.sampled_from([bytes, gzip.compress, two_members])


def unpacked(content):
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


@one_file_for_all
@given(
    values=arrays.arrays(np.uint8, arrays.array_shapes(max_dims=4, min_side=0)),
    pack=packings,
)
def test_what_was_written_is_read(path, values, pack):
    path.write_bytes(pack(idx_bytes(values)))
    read = idx.read(path, values.shape[1:])
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, values)


@st.composite
def damaged_files(draw):
    """Draw an IDX file of two images of 3×4 with some bytes changed, gone or put in."""
    content = idx_bytes(draw(arrays.arrays(np.uint8, (2, 3, 4))))
    for pack in draw(st.permutations([draw(packings), damage(draw)])):
        content = pack(content)
    return content


def damage(draw):
    def change(content):
        content = bytearray(content)
        for _ in range(draw(st.integers(1, 3))):
            start = draw(st.integers(0, len(content)))
            end = start + draw(st.integers(0, 6))
            content[start:end] = draw(st.binary(max_size=6))
        return bytes(content)

    return change


@one_file_for_all
@given(content=damaged_files() | st.binary(max_size=100))
def test_a_changed_file_gives_all_that_is_in_it_or_the_error(path, content):
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        values = idx.read(path, (3, 4))
        assert idx_bytes(values) == unpacked(content)


def peak_of_reading(path):
    """Return how many bytes the reader needs at most for a file that lies."""
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="dosya yarım"):
            idx.read(path, (28, 28))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@settings(one_file_for_all, max_examples=25)
@given(
    promised=st.integers(5000, 2**32 - 1),
    there=st.integers(0, 4000),
    pack=st.sampled_from([bytes, gzip.compress]),
)
def test_a_header_that_promises_too_much_costs_no_memory(path, promised, there, pack):
    values = np.zeros((there, 28, 28), np.uint8)  # of which gzip makes next to nothing
    path.write_bytes(pack(idx_bytes(values, shape=(promised, 28, 28))))
    assert peak_of_reading(path) < 2.5 * values.nbytes + 4 * MEGABYTE


def test_atheris_finds_no_file_that_breaks_the_reader(tmp_path, root):
    if importlib.util.find_spec("atheris") is None:
        policy.skip_or_fail(HOW_TO_GET_ATHERIS)
    first_files = tmp_path / "first"
    first_files.mkdir()
    for values in random_split(2):
        for pack in (bytes, gzip.compress):
            content = pack(idx_bytes(values))
            (first_files / f"{len(content)}").write_bytes(content)
    limits = [f"-runs={RUNS}", "-seed=1", "-max_len=4096", "-timeout=60"]
    # The shell lies between: a child starts with the largest memory that its parent has
    # had, which in the process of many tests is more than the fuzzer allows.
    shell = ["sh", "-c", '"$@"; exit $?', "sh"]
    fuzzing = subprocess.run(
        [*shell, sys.executable, root / "tests/shim/fuzz_idx.py", *limits, first_files],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert fuzzing.returncode == 0, fuzzing.stdout + fuzzing.stderr
    assert f"Done {RUNS} runs" in fuzzing.stderr


HOW_TO_GET_ATHERIS = (
    "atheris kurulu değil; çıktığı işlemci ve Python sürümlerinde kurmak için: "
    "pip install -r requirements/tests.txt"
)
