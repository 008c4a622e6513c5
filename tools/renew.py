"""Raises every pinned version to the newest that goes with all others, and locks them.

    .venv/bin/python tools/renew.py

It rewrites the versions in the files of requirements/ and the whole of constraints.txt,
then writes the locks. What pyproject.toml holds back stays back (jupyter-book), and one
release of each package has to do for all supported Pythons. Whether the book works with
the result is for the tests to say; notebooks that rest on other versions have to run
again.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import lock
from lock import ROOT, by_name, name_of, read, uv

CHOSEN = ("book", "paper", "notebooks", "tests")
FOLLOWING = ("no-deps", "gpu-pytorch", "gpu-tensorflow")
PIN = re.compile(r"^([\w.-]+(?:\[[\w,-]+\])?)==([\w.]+)((?:; .*)?)$", re.M)


def main():
    """Rewrite all files."""
    newest = resolve()
    for name in (*CHOSEN, *FOLLOWING):
        path = lock.REQUIREMENTS / f"{name}.txt"
        text = path.read_text(encoding="utf-8")
        path.write_text(PIN.sub(lambda pin: raised(pin, newest), text))
    head, _ = lock.CONSTRAINTS.read_text(encoding="utf-8").split("\n\n", 1)
    lock.CONSTRAINTS.write_text("\n".join([head, "", *constraints(newest)]) + "\n")
    lock.main()


def resolve():
    """The newest versions: for each package its lines, `name==version ; marker`."""
    wanted = [PIN.sub(r"\1\3", line) for name in CHOSEN for line in read(name)]
    with tempfile.TemporaryDirectory() as folder:
        asked, limited = Path(folder, "asked.in"), Path(folder, "limited.txt")
        asked.write_text("\n".join(wanted) + "\n")
        limited.write_text("\n".join(limits()) + "\n")
        command = [uv(), "pip", "compile", "--universal", "--quiet", "--no-header"]
        command += ["--no-annotate", "--python-version", f"{lock.OLDEST_PYTHON}.0"]
        command += ["--fork-strategy", "fewest", "--constraint", limited, asked]
        text = subprocess.check_output(command, cwd=ROOT, text=True)
    return {name: lines.splitlines() for name, lines in by_name(text).items()}


def limits():
    """What each package may be: not older than now, and as pyproject.toml says."""
    pins = (PIN.match(line) for name in CHOSEN for line in read(name))
    now = [f"{pin[1]}>={pin[2]}{pin[3]}" for pin in pins]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    asked = [text for texts in extras for text in texts]
    return [*now, *(text for text in asked if "<" in text.split(";")[0])]


def raised(pin, newest):
    """A pin with the newest version for its marker; as it was where there is none."""
    name, _, marker = pin.groups()
    lines = newest.get(normal(name), [])
    fitting = [x for x in lines if len(lines) == 1 or same(x, marker)]
    return f"{name}=={version(fitting[0])}{marker}" if fitting else pin[0]


def same(line, marker):
    """Whether a line of the resolution is for the Pythons of a marker."""
    limits = re.findall(r"python(?:_full)?_version\s*(\S+)\s*['\"]([\d.]+)", line)
    return limits == re.findall(r"python_version\s*(\S+)\s*\"([\d.]+)", marker)


def constraints(newest):
    """The lines of constraints.txt; only those of two versions need a marker."""
    for name in sorted(newest):
        for line in newest[name]:
            marker = line.partition(" ; ")[2].replace("_full_version", "_version")
            only = f"; {marker}".replace("'", '"') if len(newest[name]) > 1 else ""
            yield f"{name}=={version(line)}{only}"


def version(line):
    """The version in `name==version ; marker`."""
    return re.search(r"==([\w.]+)", line)[1]


def normal(name):
    """The name of a distribution as uv writes it, less its extras."""
    return re.sub(r"[-_.]+", "-", name_of(name.split("[")[0]))


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"Sürümler yenilenemedi: {error}. Nedeni giderip komutu yineleyin.")
