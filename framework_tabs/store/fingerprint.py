"""What the outputs of a notebook rest on, and the key made of it.

A notebook has to run again when its code, a package's version, Python, the project's
own code that the cells call, or the data changed; not because time passed or because
prose or a comment was edited. This module finds those facts and digests them; it does
not run notebooks and does not know where results are stored.
"""

import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from .. import digest
from ..config import Framework, Settings
from ..messages import _
from . import own_code, ran


@dataclass(frozen=True)
class Variable:
    """An environment variable: ``value`` as shown, ``digest`` as it counts.

    For a folder, ``value`` is its path as seen from the book's root and ``digest``
    that of its files' names and contents; ``value`` is None if it is not set.
    """

    value: str | None
    digest: str | None


@dataclass(frozen=True)
class Basis:
    """What the outputs of one framework's notebooks depend on, beside their code.

    ``python`` is empty where they are of another language, whose version is then among
    the packages. ``depends_on`` digests the book's own code as far as it counts. That
    differs between runs and is empty here until one is known: see ``for_run``.
    """

    kernel: str
    packages: dict[str, str]
    python: str
    environment: dict[str, Variable]
    depends_on: str = ""

    def key(self, code: str) -> str:
        """SHA-256 over all of it and the digest ``code``: same key, same outputs.

        While ``depends_on`` is empty, the key says what a run begins with.
        """
        variables = {name: var.digest for name, var in self.environment.items()}
        return digest.of_json({**vars(self), "environment": variables, "code": code})

    def using(self, used: ran.Ran) -> "Basis":
        """This for a run that used so much of the book's own code."""
        return replace(self, depends_on=digest.of_json(used))

    def record(self, code: str) -> dict[str, Any]:
        """What the notebook's ``run`` metadata says of a run of this code."""
        return {
            "key": self.key(code),
            "code": code,
            "packages": self.packages,
            "python": self.python,
            "depends_on": self.depends_on,
            "environment": {n: var.value for n, var in self.environment.items()},
            "digests": {n: var.digest for n, var in self.environment.items()},
        }


def basis(
    framework: Framework, settings: Settings, python: str, packages: dict[str, str]
) -> Basis:
    """What the framework's notebooks rest on, here and now, with these versions."""
    return Basis(
        kernel=framework.kernel,
        packages=packages,
        python=python,
        environment={n: _variable(n, settings) for n in settings.environment},
    )


def for_run(
    found: Basis,
    run: Mapping[str, Any],
    framework: Framework,
    settings: Settings,
    sources: Iterable[str],
) -> Basis:
    """What a run would rest on if it were made now.

    Of the book's own code that is what the run used, or all of it if the run does not
    say. ``sources`` are the notebook's cells.
    """
    if "ran" in run:
        return found.using(ran.today(run["ran"], framework, settings))
    whole = own_code.digest_of_all(framework, settings, sources)
    return replace(found, depends_on=whole)


def is_comparable(python: str) -> bool:
    """Whether digests of code that a run recorded compare with those made here.

    They cover the syntax tree, which is that of a minor version of Python, such as
    3.11; a run of another language has none.
    """
    here = platform.python_version()
    return not python or python.split(".")[:2] == here.split(".")[:2]


def _variable(name: str, settings: Settings) -> Variable:
    value = os.environ.get(name)
    if not value or not os.path.isdir(value):
        return Variable(value, value)
    return Variable(_shown(value, settings.root), _folder_digest(Path(value)))


def _shown(folder: str, root: Path) -> str:
    """A folder as seen from the root; by its name alone if it is further off.

    A path through someone's home has no place in a published notebook.
    """
    relative = os.path.relpath(folder, root)
    if relative.startswith(os.path.join("..", "..")):
        return os.path.basename(os.path.abspath(folder))
    return Path(relative).as_posix()


def _folder_digest(folder: Path) -> str:
    return digest.of_named(
        (path.relative_to(folder).as_posix(), digest.of_file(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def kernel_environment(settings: Settings) -> dict[str, str]:
    """The environment of a kernel.

    A kernel runs in the folder of its page: folders given relative to the folder of
    the command are made absolute, and the project's own code is made importable.
    """
    folders = {
        name: os.path.abspath(value)
        for name in settings.environment
        if os.path.isdir(value := os.environ.get(name, ""))
    }
    known = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(settings.root), *([known] if known else [])])
    return {**os.environ, **folders, "PYTHONPATH": path}


def machine() -> str:
    """This machine in a few words: processor, cores, memory."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return _("{processor}, {cores} cores, {memory} GiB").format(
        processor=_processor(), cores=os.cpu_count(), memory=memory
    )


def _processor() -> str:
    """The processor's name; Linux keeps it in a file, macOS behind ``sysctl``."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [ln.partition(":")[2].strip() for ln in lines if "model name" in ln]
    except OSError:
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        try:
            names = [subprocess.check_output(asked, text=True).strip()]
        except (OSError, subprocess.CalledProcessError):
            names = []
    return names[0] if names else platform.machine()
