"""Tests d2l_shim with each Python and NumPy that it supports, one line for each pair.

    python tools/versions.py [INTERPRETER]

Every Python has an environment in .venvs with everything that the book's tests need;
NumPy is exchanged in it. With an interpreter, only its pairs are tested. A Python that
is not found counts as a failure: either all pairs work, or this says which do not.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from environment import LOCKED

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venvs"
LOCKS = ("book", "paper", "notebooks", "tests")
PAIRS = (
    ("3.11", "1.26.4"),
    ("3.11", "2.4.6"),
    ("3.12", "1.26.4"),
    ("3.12", "2.5.5"),
    ("3.13", "2.5.5"),
)
"""Python and NumPy: 1.26 has no build for Python 3.13, nor has 2.5 for Python 3.11."""

OUTCOMES = {"passed": "geçti", "skipped": "atlandı", "failed": "kaldı", "error": "hata"}


class PairError(Exception):
    """A pair cannot be tested; the message (Turkish) says why."""


def find_python(version):
    """Return an interpreter of a version such as "3.12", from PATH or from pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = [shutil.which(f"python{version}"), *pyenv.glob(f"{version}*/bin/python")]
    for python in filter(None, found):
        if version_of(python) == version:
            return python
    raise PairError(f"python{version} bulunamadı; kurup komutu yineleyin")


def version_of(python):
    """Return the version of an interpreter as "3.12", or None if it does not run."""
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        return subprocess.check_output(
            [python, "-c", code], stderr=subprocess.DEVNULL, text=True
        ).strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def try_pair(version, numpy, python, log):
    """Test one pair, writing to the file `log`; return what pytest counted.

    Raises
    ------
    PairError
        The environment could not be made, or a test failed.
    """
    environment = FOLDER / version
    interpreter = environment / "bin" / "python"
    stamp = environment / "tests.installed"
    make = [python, "tools/environment.py", *LOCKS, stamp]
    lock = f"locks/numpy-{numpy}.txt"
    exchange = [interpreter, "-m", "pip", "install", *LOCKED, lock]
    if run(make, log) or run(exchange, log):
        raise PairError(f"paketler kurulamadı, bakın: {log}")
    failed = run([interpreter, "-m", "pytest", "tests/shim"], log)
    counts = summary(log.read_text(errors="replace").splitlines()[-1])
    if failed:
        raise PairError(f"{counts}, bakın: {log}")
    return counts


def run(command, log):
    """Run a command in the repository's folder, adding its output to the file `log`."""
    variables = os.environ | {"D2L_SHIM_BUDGET": "smoke"}
    with log.open("a") as output:
        return subprocess.call(
            command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT
        )


def summary(line):
    """Return pytest's last line in Turkish: "412 geçti, 3 atlandı"."""
    counts = re.findall(r"(\d+) (passed|skipped|failed|error)", line)
    return ", ".join(f"{n} {OUTCOMES[x]}" for n, x in counts) or "hiçbir test çalışmadı"


def report(version, numpy, python=None):
    """Test one pair and print its line; return whether all went well."""
    log = FOLDER / f"python-{version}-numpy-{numpy}.log"
    log.unlink(missing_ok=True)
    pair = f"Python {version}, NumPy {numpy}"
    try:
        counts = try_pair(version, numpy, python or find_python(version), log)
    except PairError as error:
        print(f"{pair}: BAŞARISIZ: {error}", flush=True)
        return False
    print(f"{pair}: {counts}", flush=True)
    return True


def pairs_of(python):
    """Return the pairs that an interpreter is to be tested with."""
    version = version_of(python)
    pairs = [pair for pair in PAIRS if pair[0] == version]
    if not pairs:
        raise PairError(f"{python} desteklenen bir Python değil")
    return pairs


def main(python=None):
    """Test all pairs, or those of one interpreter; return whether all went well."""
    FOLDER.mkdir(exist_ok=True)
    pairs = pairs_of(python) if python else PAIRS
    # A list, not a generator: every pair has its turn, also after a failure.
    return all([report(*pair, python) for pair in pairs])


if __name__ == "__main__":
    try:
        sys.exit(0 if main(*sys.argv[1:]) else 1)
    except PairError as error:
        sys.exit(f"Sınanamadı: {error}.")
