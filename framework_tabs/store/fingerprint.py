"""What the outputs of a notebook rest on, and the key made of it.

A notebook has to run again when its code, a package's version, Python, the project's
own code that the cells call, or the data changed; not because time passed or because
prose or a comment was edited. This module finds those facts and digests them; it does
not run notebooks and does not know where results are stored.
"""

import ast
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager

from ..config import Framework, Settings
from ..messages import _

_ASK = """
import json, platform, sys
from importlib.metadata import PackageNotFoundError, packages_distributions, version
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:  # a build under another name, such as mxnet-cu112
        providers = packages_distributions().get(name)
        found[name] = version(providers[0]) if providers else None
print(json.dumps([platform.python_version(), found]))
"""


_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<package>[\w.]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|.*)"
    r"|import[ \t]+(?P<modules>.*))",
    re.M,
)


class MissingPackage(Exception):
    """A framework's package is not installed where its kernel runs."""


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
    """What the outputs of one framework's notebooks depend on, beside their code."""

    kernel: str
    packages: dict[str, str]
    python: str
    depends_on: str
    environment: dict[str, Variable]

    def key(self, code: str) -> str:
        """SHA-256 over all of it and the digest ``code``: same key, same outputs."""
        variables = {name: var.digest for name, var in self.environment.items()}
        facts = {**vars(self), "environment": variables, "code": code}
        return _sha256(json.dumps(facts, sort_keys=True).encode())

    def record(self, code: str) -> dict:
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


def basis(framework: Framework, settings: Settings) -> Basis:
    """Look up what the framework's notebooks rest on, here and now.

    Raises MissingPackage, and jupyter_client's NoSuchKernel.
    """
    python, packages = versions(framework, settings)
    return Basis(
        kernel=framework.kernel,
        packages=packages,
        python=python,
        depends_on=depends_on_digest(framework, settings),
        environment={n: _variable(n, settings) for n in settings.environment},
    )


def for_code(
    found: Basis, framework: Framework, settings: Settings, sources: Iterable[str]
) -> Basis:
    """``found`` for a notebook with these cells, whose imports by name count too."""
    if not named(framework, settings, sources):
        return found
    return replace(found, depends_on=depends_on_digest(framework, settings, sources))


def versions(framework: Framework, settings: Settings) -> tuple[str, dict[str, str]]:
    """Python's version and those of the framework's packages, asked of its kernel."""
    answer = subprocess.run(
        [_interpreter(framework.kernel), "-c", _ASK, *framework.packages],
        env=kernel_environment(settings),
        capture_output=True,
        check=True,
        text=True,
    )
    python, packages = json.loads(answer.stdout)
    missing = [name for name, version in packages.items() if version is None]
    if missing:
        raise MissingPackage(
            _(
                "{packages} not installed in the environment of the kernel “{kernel}”. "
                "Install what the book requires there."
            ).format(packages=", ".join(missing), kernel=framework.kernel)
        )
    return python, packages


def _interpreter(kernel: str) -> str:
    """The Python a kernel runs; a bare ``python`` means the one running here."""
    command = KernelSpecManager().get_kernel_spec(kernel).argv[0]
    return command if os.path.isabs(command) else sys.executable


def minor(version: str) -> list[str]:
    """Major and minor number of a version of Python, such as ``["3", "11"]``.

    Digests of code compare within one of them: they cover the syntax tree.
    """
    return version.split(".")[:2]


def depends_on_digest(
    framework: Framework, settings: Settings, sources: Iterable[str] = ()
) -> str:
    """Digest of the code that the framework's cells call (``depends_on``).

    Python files count by what they do: comments, docstrings and layout are left out.
    Files that the framework ``ignores`` do not count, unless one of the cells
    (``sources``) imports them by name.
    """
    digest, wanted = hashlib.sha256(), named(framework, settings, sources)
    for path in _files(settings.depends_on):
        name = settings.relative(path)
        if name in wanted or not _ignored(name, framework):
            digest.update(f"{name}\0{_code_digest(path)}\n".encode())
    return digest.hexdigest()


def named(
    framework: Framework, settings: Settings, sources: Iterable[str]
) -> frozenset[str]:
    """The ignored files that this code imports by name, or that those import.

    A script that a cell writes to a file counts like the cell's own code.
    """
    found: set[str] = set()
    waiting = list(sources)
    while waiting:
        for module in imported(waiting.pop()):
            path = settings.root / f"{module.replace('.', '/')}.py"
            name = settings.relative(path)
            if name not in found and _ignored(name, framework) and path.is_file():
                found.add(name)
                waiting.append(path.read_text(encoding="utf-8"))
    return frozenset(found)


def imported(source: str) -> Iterator[str]:
    """The dotted names that a text of Python imports, which need not be modules.

    Read line by line: a cell may hold what only IPython understands.
    """
    for found in _IMPORT.finditer(source):
        package = found["package"]
        for name in re.findall(r"[\w.]+(?: +as +\w+)?", _listed(found)):
            name = name.split()[0]
            yield f"{package}.{name}" if package else name
        if package:
            yield package


def _listed(found: re.Match) -> str:
    return re.sub(r"#.*", "", found["names"] or found["modules"])


def _ignored(name: str, framework: Framework) -> bool:
    return any(name == i or name.startswith(f"{i}/") for i in framework.ignores)


def _files(places: tuple[Path, ...]) -> Iterator[Path]:
    for place in places:
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _code_digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".py":
        try:
            content = ast.dump(_without_docstrings(ast.parse(content))).encode()
        except SyntaxError:
            pass  # not runnable as it stands: every byte counts
    return _sha256(content)


def _without_docstrings(tree: ast.Module) -> ast.Module:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False):
            del node.body[0]
    return tree


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
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with open(path, "rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(
                f"{path.relative_to(folder).as_posix()}\0{content}\n".encode()
            )
    return digest.hexdigest()


def kernel_environment(settings: Settings) -> dict[str, str]:
    """The environment of a kernel.

    A kernel runs in its notebook's folder: folders given relative to the folder of
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


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
