"""What the tests of the PDF and the EPUB need: both, made from the book as it is.

They are compared with the site, which the fixture of the book's own tests builds.
"""

import os
import subprocess
import sys

import pytest
from filelock import FileLock

from framework_tabs.editions import typesetting
from tests import policy
from tests.book.conftest import site  # noqa: F401


@pytest.fixture(scope="session")
def make_book(root, tmp_path_factory):
    """Return a function: the path of the book as a PDF or an EPUB, made once.

    One process of a parallel run makes it; the others wait.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def make(kind, *options, name):
        made = shared / f"{name}.made"
        with FileLock(shared / f"{name}.lock"):
            if not made.exists():
                _run(root, kind, *options)
                made.touch()
        return root / "_build" / kind / name

    return make


def _run(root, *arguments):
    try:
        typesetting.check()
    except typesetting.PangoMissing as missing:
        policy.skip_or_fail(str(missing))
    command = [sys.executable, "-m", "framework_tabs", *arguments, "--root", root]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
