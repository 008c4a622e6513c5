"""What the tests of the built book need: the site, served, and scripts of figures."""

import os
import runpy
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

FIGURES = Path(__file__).parents[2] / "chapters" / "figures"


@pytest.fixture(scope="session")
def figure_script():
    """Return a function: the names that a script of a figure defines, not run as main.

    Scripts import what they share from their own folder.
    """

    def run(name):
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(str(FIGURES))
            return runpy.run_path(str(FIGURES / f"{name}.py"))

    return run


@pytest.fixture(scope="session")
def site(root, tmp_path_factory):
    """The folder of the site, built from the book as it is now.

    One process of a parallel run builds it; the others must not see it change.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    built = shared / "site.built"
    with FileLock(shared / "site.lock"):
        if not built.exists():
            _build(root)
            built.touch()
    return root / "_build" / "html"


def _build(root):
    made = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", root],
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site):
    """The address at which the site is served on this machine."""
    handler = partial(QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
