"""Writes locks/: every package of every environment, to the release and to the file.

    make lock                  or: .venv/bin/python tools/lock.py

A lock names one release of each package with the SHA-256 of its files, for all
supported Pythons and machines at once; tools/environment.py installs nothing else. The
versions come from the files in requirements/: this chooses none, so a second run
changes nothing. It names no server, since files count by their hash alone. Resolving is
uv's work.

The site's packages are in book.txt; paper.txt and notebooks.txt have what printing and
running take on top of it, tests.txt what the tests take on top of all. They are cut out
of one resolution, so they agree.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path

from versions import PAIRS

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "locks"
REQUIREMENTS = ROOT / "requirements"
CONSTRAINTS = REQUIREMENTS / "constraints.txt"
FRAMEWORKS = {"mxnet", "tensorflow", "torch"}
CUDA = re.compile(r"nvidia-|cuda-|triton$")
"""What PyTorch's CUDA build needs and its CPU build does not."""

UNUSED = {"connection-pool"}
"""What Snakemake asks for and never imports; it would have to be built from source."""

ELSEWHERE = re.compile(r"== 'win32'|== 'nt'(?: \\)?$|!= 'CPython'", re.M)
"""Markers of what only systems need that the book does not run on."""

HEADER = "# Written by tools/lock.py (make lock); do not edit.\n\n"
OLDEST_PYTHON = "3.11"


def main():
    """Write all locks."""
    site = [*read("book"), *builders()]
    paper = [*site, *read("paper")]
    notebooks = [*site, *read("notebooks"), *read("no-deps")]
    book = [*paper, *notebooks]
    locked, base = resolve(book), resolve(site).keys()
    cuda = {name for name in locked if CUDA.match(name)}
    write("book", entries(locked, base))
    write("paper", entries(locked, resolve(paper).keys() - base))
    write("notebooks", entries(locked, resolve(notebooks).keys() - base - cuda))
    write("cuda", entries(locked, cuda))

    tests = resolve([*book, *read("tests")])
    write("tests", entries(tests, tests.keys() - locked.keys()))
    cluster = resolve(read("cluster"), known="cluster.txt", alone=True)
    write("cluster", entries(cluster, cluster.keys() - UNUSED))
    for name in ("d2l", "d2l-1"):
        write(name, resolve(read(name), "--no-deps").values())
    for numpy, python in {numpy: python for python, numpy in reversed(PAIRS)}.items():
        alone = resolve([f"numpy=={numpy}"], "--no-deps", python=python)
        write(f"numpy-{numpy}", alone.values())
    for framework in ("mxnet", "pytorch", "tensorflow"):
        write(f"gpu-{framework}", resolve_gpu(framework, book).values())


def read(name):
    """The requirements in a file of requirements/, less comments and options."""
    lines = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] not in "#-"]


def builders():
    """What builds this project itself, which pip would fetch without a hash."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return project["build-system"]["requires"]


def resolve_gpu(framework, book):
    """The book's packages with one framework alone, in its CUDA build.

    For Linux on x86-64 and the Python of the reference runs, the only place where all
    three have a CUDA build.
    """
    kept = [line for line in book if name_of(line) not in FRAMEWORKS]
    own = [*read(f"gpu-{framework}"), *nbval()]
    only_here = ("--python-platform", "x86_64-manylinux_2_28")
    return resolve([*kept, *own], *only_here, known=f"gpu-{framework}.txt")


def nbval():
    """What runs the notebooks as tests."""
    wanted = {"nbval", "pytest"}
    return [line for line in read("tests") if name_of(line) in wanted]


def name_of(requirement):
    """The name of the distribution that a requirement asks for."""
    return re.match(r"[\w.-]+", requirement)[0].lower()


def resolve(requirements, *options, python=OLDEST_PYTHON, known="", alone=False):
    """Map each package of the complete resolution to its entry in a lock.

    Where nothing else chooses a version, that in the lock `known` stays. What is for an
    environment `alone` is not bound to the book's versions.

    MXNet asks for a NumPy that Python 3.13 does not have and d2l_shim makes up for, so
    the book's NumPy overrides every package's own wish.
    """
    numpy = [line for line in read("notebooks") if name_of(line) == "numpy"]
    if "--python-platform" not in options:
        options = ("--universal", *options)
    with tempfile.TemporaryDirectory() as folder:
        names = ("wanted.in", "override.txt", "lock.txt")
        wanted, override, lock = (Path(folder, name) for name in names)
        wanted.write_text("\n".join(requirements) + "\n")
        override.write_text("\n".join(numpy) + "\n")
        command = [uv(), "pip", "compile", *options, "--quiet", wanted]
        command += ["--generate-hashes", "--no-header", "--no-annotate"]
        command += ["--python-version", python]
        if "--no-deps" not in options and not alone:
            command += ["--override", override, "--constraint", CONSTRAINTS]
        if known and (LOCKS / known).exists():
            shutil.copy(LOCKS / known, lock)
        subprocess.check_call([*command, "--output-file", lock], cwd=ROOT)
        return by_name(lock.read_text())


def uv():
    """The program of the package uv."""
    return Path(sysconfig.get_path("scripts"), "uv")


def by_name(text):
    """Split a lock into its entries; a package with two versions has both in one."""
    found = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        if ELSEWHERE.search(entry):
            continue
        name = name_of(entry)
        found[name] = "\n".join([*filter(None, [found.get(name)]), entry])
    return found


def entries(locked, names):
    """The entries of some packages, in the order of their names."""
    return [locked[name] for name in sorted(names)]


def write(name, lines):
    """Write one lock."""
    path = LOCKS / f"{name}.txt"
    path.write_text(HEADER + "\n".join(lines) + "\n")
    print(f"Yazıldı: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"Sürümler kilitlenemedi: {error}. Nedeni giderip komutu yineleyin.")
