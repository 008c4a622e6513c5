"""Keep freed memory at hand while equal batches come and go.

Each training step allocates what the step before has just freed: over a gigabyte for
AlexNet. The C library hands blocks that large back to the operating system at once, and
getting them anew, page by page, takes up to a fifth of the step. This module asks it
to wait meanwhile. It knows glibc, the C library of Linux; elsewhere it does nothing.
"""

import ctypes
import sys
from contextlib import contextmanager

# Parameters of mallopt(3).
TRIM_THRESHOLD, MMAP_THRESHOLD, MMAP_MAX = -1, -3, -4
MEBIBYTE = 1 << 20
KEEP = {MMAP_MAX: 0, TRIM_THRESHOLD: 2048 * MEBIBYTE - 1}
# What glibc's own tuning arrives at in a process that has used large blocks. Setting
# any of these ends that tuning, so its result is set here.
GIVE_BACK = {
    MMAP_MAX: 65536,
    MMAP_THRESHOLD: 32 * MEBIBYTE,
    TRIM_THRESHOLD: 64 * MEBIBYTE,
}

_depth = 0


@contextmanager
def kept(trim=True):
    """Keep freed memory in the process meanwhile. May be nested.

    At the end all of it is given back; without `trim` only what is to spare is, so
    that the next use finds some.
    """
    global _depth
    _depth += 1
    if _depth == 1:
        _set(KEEP)
    try:
        yield
    finally:
        _depth -= 1
        if _depth == 0:
            _set(GIVE_BACK)
            if trim:
                _trim()


def _glibc():
    """Return the C library if it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None


def _set(parameters):
    if library := _glibc():
        for parameter, value in parameters.items():
            library.mallopt(parameter, value)


def _trim():
    if library := _glibc():
        library.malloc_trim(0)
