"""Freed memory stays in the process while batches come and go, and no longer."""

import ctypes
import resource
import sys

import psutil
import pytest

from d2l_shim import memory

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="yalnız Linux'un glibc kitaplığı için"
)
BLOCK = 96 << 20  # bytes: more than glibc keeps of its own accord
PAGES = BLOCK // resource.getpagesize()

LIBRARY = ctypes.CDLL(None)
LIBRARY.malloc.argtypes, LIBRARY.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
LIBRARY.free.argtypes = [ctypes.c_void_p]


def page_faults_of_a_block(size=BLOCK):
    """Return how many pages the system had to bring for one more block."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = LIBRARY.malloc(size)
    ctypes.memset(block, 1, size)
    LIBRARY.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def resident():
    return psutil.Process().memory_info().rss


def test_a_block_is_used_again_without_the_system():
    with memory.kept():
        page_faults_of_a_block()
        assert page_faults_of_a_block() < PAGES / 10


def test_without_it_the_system_brings_every_page_anew():
    page_faults_of_a_block()
    assert page_faults_of_a_block() > PAGES / 2


def test_afterwards_the_memory_is_given_back():
    with memory.kept():
        page_faults_of_a_block()
        kept = resident()
    assert resident() < kept - BLOCK / 2


def test_without_trimming_some_of_it_stays_at_hand():
    block = BLOCK // 4
    with memory.kept(trim=False):
        page_faults_of_a_block(block)
    assert page_faults_of_a_block(block) < PAGES / 40


def test_it_may_be_nested():
    with memory.kept():
        with memory.kept():
            page_faults_of_a_block()
        assert page_faults_of_a_block() < PAGES / 10


def test_an_error_passes_and_ends_it():
    with pytest.raises(KeyError):
        with memory.kept():
            raise KeyError
    assert memory._depth == 0


def test_where_there_is_no_glibc_nothing_happens(monkeypatch):
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    with memory.kept():
        assert memory._depth == 1
