"""Tests the engine with each Sphinx that it supports, one line for each of them.

    python tools/sphinx_versions.py

Every pair of Python and Sphinx has an environment in .venvs, with the engine's own
distribution and no Jupyter Book, in which a tiny book with a plain conf.py is executed
and built for all media. Only Sphinx and MyST-NB are pinned: what goes with them is what
an author gets who installs the engine today. A Python that is not found counts as a
failure: either all pairs work, or this says which do not.
"""

import os
import shutil
import sys

from versions import FOLDER, ROOT, PairError, find_python, run, summary

PAIRS = (("3.11", "7.4.7"), ("3.12", "8.2.3"), ("3.13", "9.2.0"))
"""Python and Sphinx: the last of each major version that MyST-NB accepts."""

MYST_NB = "myst-nb==1.4.0"
TOOLS = ("beautifulsoup4", "pytest")
TESTS = ("tests/engine/test_plain_sphinx.py", "tests/engine/test_compat.py")
WITHOUT = "not Jupyter"
"""What tests say in their names if they need Jupyter Book, which asks for Sphinx 7."""


def try_pair(version, sphinx, log):
    """Test one pair, writing to the file `log`; return what pytest counted.

    Raises
    ------
    PairError
        The environment could not be made, or a test failed.
    """
    environment = FOLDER / f"sphinx-{sphinx}"
    interpreter = environment / "bin" / "python"
    if run([find_python(version), "-m", "venv", "--clear", environment], log):
        raise PairError(f"ortam kurulamadı, bakın: {log}")
    # Where it is built its folder gets files of that.
    engine = shutil.copytree(ROOT / "framework_tabs", environment / "framework_tabs")
    pip = [interpreter, "-m", "pip", "--disable-pip-version-check", "install"]
    wanted = f"sphinx=={sphinx}", MYST_NB, f"{engine}[epub]", *TOOLS
    if run([*pip, "--quiet", *wanted], log):
        raise PairError(f"paketler kurulamadı, bakın: {log}")
    pytest = [interpreter, "-m", "pytest", "--noconftest", "-c", os.devnull]
    options = [f"--rootdir={ROOT}", "-p", "no:cacheprovider", "-q", "-k", WITHOUT]
    os.environ.update(PYTHONPATH=str(ROOT), SPHINX_VERSION=sphinx)
    failed = run([*pytest, *options, *TESTS], log)
    counts = summary(log.read_text(errors="replace").splitlines()[-1])
    if failed:
        raise PairError(f"{counts}, bakın: {log}")
    return counts


def report(version, sphinx):
    """Test one pair and print its line; return whether all went well."""
    log = FOLDER / f"sphinx-{sphinx}.log"
    log.unlink(missing_ok=True)
    pair = f"Sphinx {sphinx}, Python {version}"
    try:
        counts = try_pair(version, sphinx, log)
    except PairError as error:
        print(f"{pair}: BAŞARISIZ: {error}", flush=True)
        return False
    print(f"{pair}: {counts}", flush=True)
    return True


def main():
    """Test all pairs; return whether all went well."""
    FOLDER.mkdir(exist_ok=True)
    # A list, not a generator: every pair has its turn, also after a failure.
    return all([report(*pair) for pair in PAIRS])


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
