"""Keep the start-up remarks of native libraries out of the reader's output."""

import os
import sys
import tempfile
from contextlib import contextmanager


@contextmanager
def quiet_stderr():
    """Hold back what C and C++ code writes to the error stream meanwhile.

    Python's own ``sys.stderr`` may be elsewhere (in a notebook it is), so the file
    descriptor itself is redirected. If the block raises, what was held back is shown.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
