"""Runs the book's tests with other versions than the locked ones, and reports.

    python tools/other_versions.py newest REPORT.md
    python tools/other_versions.py colab REPORT.md pip-freeze.txt

`newest` takes the newest release of everything, as pyproject.toml allows it; `colab`
what the list says that Colab has, and the locked release of what it lacks. MXNet comes
without its dependencies in both. The report (Markdown, Turkish) has the tests that did
not pass and the versions that differ; the exit status is that of the tests. Nothing
here is locked, so nothing of it is published.
"""

import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
FOLDER = ROOT / ".venvs"
WITHOUT_SLURM = "--ignore=tests/engine/execute/test_cluster.py"
KINDS = {
    "newest": ("book", ["tests/shim", "tests/engine", "notebooks", WITHOUT_SLURM]),
    "colab": ("notebook", ["tests/shim", "notebooks"]),
}
"""The extra of pyproject.toml that each needs, and what is run."""

TOOLS = ("hypothesis", "ipykernel", "nbval", "pytest", "pytest-xdist", "setuptools")
ALONE = "mxnet"
VERSION = re.compile(r"([\w.-]+)\s*(?:==|@.*/[^/]*?-)(\d[\w.]*)")
"""A line of pip freeze: `numpy==2.4.6` or `torch @ https://…/torch-2.10.0%2Bcu128-…`."""


def main(kind, report, freeze=None):
    """Test and write the report; return the exit status of the tests."""
    try:
        status, lines = run(kind, freeze)
    except (OSError, subprocess.CalledProcessError) as error:
        status, lines = 1, [f"Ortam kurulamadı: {error}."]
    text = "\n".join(lines)
    Path(report).write_text(text + "\n", encoding="utf-8")
    print(text)
    return status


def run(kind, freeze):
    """Install and test; return the exit status and the lines of the report."""
    extra, tests = KINDS[kind]
    python = make_environment(kind, wanted(extra, freeze))
    results = FOLDER / f"{kind}.xml"
    results.unlink(missing_ok=True)
    variables = os.environ | {"D2L_SHIM_BUDGET": "smoke"}
    command = [python, "-m", "pytest", f"--junitxml={results}", *tests]
    status = subprocess.call(command, cwd=ROOT, env=variables)
    return status, describe(failures(results), differences(python))


def wanted(extra, freeze):
    """What pip is to install, all but MXNet."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *TOOLS]
    for name in ("pytorch", "tensorflow", "classical", extra):
        asked += extras[name]
    if freeze is None:
        return asked
    there, locked = versions_in(Path(freeze)), versions_in(CONSTRAINTS)
    names = {normal(re.match(r"[\w.-]+", text)[0]) for text in asked}
    return [f"{name}=={there.get(name) or locked[name]}" for name in sorted(names)]


def versions_in(path):
    """Map the names in a list of pins to their versions, without local labels."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = filter(None, map(VERSION.match, lines))
    return {normal(match[1]): match[2] for match in found}


def normal(name):
    """The name of a distribution as indexes write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def make_environment(kind, requirements):
    """Make the environment anew; return its interpreter."""
    folder = FOLDER / kind
    python = folder / "bin" / "python"
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", folder])
    for what in (
        requirements,
        ["--no-deps", ALONE],
        ["--no-deps", "--no-build-isolation", "--editable", ROOT],
    ):
        subprocess.check_call([python, "-m", "pip", "install", "--quiet", *what])
    return python


def failures(results):
    """The names of the tests that failed, from pytest's XML file."""
    if not results.exists():
        return ["pytest hiç başlamadı"]
    return [
        f"{case.get('classname')}: {case.get('name')}"
        for case in ElementTree.parse(results).iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    ]


def differences(python):
    """Yield the name, the locked and the installed version of what differs."""
    freeze = [python, "-m", "pip", "freeze", "--all"]
    listing = FOLDER / "freeze.txt"
    listing.write_text(subprocess.check_output(freeze, text=True))
    installed, locked = versions_in(listing), versions_in(CONSTRAINTS)
    for name in sorted(installed):
        if name in locked and installed[name] != locked[name]:
            yield name, locked[name], installed[name]


def describe(failed, differing):
    """Yield the lines of the report."""
    version = "{}.{}.{}".format(*sys.version_info)
    yield f"Python {version} ile {len(failed)} test kaldı."
    if failed:
        yield "\n## Kalan testler\n"
        yield from (f"- `{name}`" for name in failed)
    yield "\n## Kilitli sürümlerden ayrılanlar\n"
    yield "| paket | kilitli | burada |\n| --- | --- | --- |"
    yield from (f"| {name} | {old} | {new} |" for name, old, new in differing)


if __name__ == "__main__":
    if sys.argv[1:2] == [] or sys.argv[1] not in KINDS:
        sys.exit(f"Kullanım: other_versions.py {'|'.join(KINDS)} RAPOR.md [LİSTE]")
    sys.exit(main(*sys.argv[1:]))
