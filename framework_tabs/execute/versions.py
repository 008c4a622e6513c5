"""Which versions of its language and of packages a kernel has, asked of itself.

Jupyter's Python kernel need not be started for that: its interpreter answers in a
fraction of the time. Every other kernel is started, says what its language is, and runs
the code that the settings give under ``versions``, if any.
"""

import asyncio
import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

from ..config import Framework, Settings
from ..messages import _
from ..store.fingerprint import kernel_environment
from .job import Failure

SECONDS = 300
"""How long a kernel may take to answer."""

_ASK = """
import json, platform
from typing import Any
from importlib.metadata import PackageNotFoundError, packages_distributions, version
found = {}
for name in names:
    try:
        found[name] = version(name)
    except PackageNotFoundError:  # a build under another name, such as mxnet-cu112
        providers = packages_distributions().get(name)
        found[name] = version(providers[0]) if providers else None
print(json.dumps([platform.python_version(), found]))
"""


@dataclass(frozen=True)
class Versions:
    """What a kernel runs: ``python``, if that is its language, and ``packages``.

    The version of another language is among the packages, and ``language`` is what the
    kernel says of it: how its files end, how its code is highlighted.
    """

    python: str
    packages: dict[str, str]
    language: dict[str, Any] = field(default_factory=dict)


async def ask(framework: Framework, settings: Settings) -> Versions:
    """Ask the framework's kernel; raises Failure if it cannot answer."""
    try:
        spec = KernelSpecManager().get_kernel_spec(framework.kernel)
    except NoSuchKernel:
        raise Failure(
            _(
                "there is no kernel “{name}”. Correct its name in the settings or in "
                "“kernelspec” of the page, or install the kernel"
            ).format(name=framework.kernel)
        ) from None
    if spec.language.lower() != "python":
        return await _of_another_language(framework, settings)
    code = question(framework.packages)
    is_jupyters = launches_ipykernel(spec)
    answer = (
        await _said_by(spec, code, framework, settings)
        if is_jupyters
        else await _printed_in(framework, settings, code)
    )
    try:
        python, packages = json.loads(answer.splitlines()[-1])
    except (ValueError, LookupError):
        raise _no_answer(framework, answer) from None
    missing = [name for name, version in packages.items() if version is None]
    if missing:
        raise Failure(
            _(
                "{packages} not installed in the environment of the kernel “{kernel}”. "
                "Install what the book requires there"
            ).format(packages=", ".join(missing), kernel=framework.kernel)
        )
    return Versions(python, packages)


def question(packages: Iterable[str]) -> str:
    """Code for Python that prints its version and those of packages, in JSON."""
    return f"names = {list(packages)!r}{_ASK}"


def launches_ipykernel(spec: KernelSpec) -> bool:
    """Whether a kernel is Jupyter's own for Python, started by an interpreter."""
    return spec.argv[1:2] == ["-m"] and spec.argv[2].startswith("ipykernel")


async def _said_by(
    spec: KernelSpec, code: str, framework: Framework, settings: Settings
) -> str:
    """What a program prints; a bare ``python`` means the one running here."""
    command = spec.argv[0] if os.path.isabs(spec.argv[0]) else sys.executable
    try:
        process = await asyncio.create_subprocess_exec(
            *(command, "-c", code),
            env=kernel_environment(settings) | spec.env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise _no_answer(framework, f"{command}: {error.strerror}") from None
    try:
        said, complaint = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        raise _no_answer(framework, _("no answer")) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise _no_answer(framework, complaint.decode(errors="replace"))
    return said.decode(errors="replace")


async def _of_another_language(framework: Framework, settings: Settings) -> Versions:
    if framework.packages:
        raise Failure(
            _(
                "the kernel “{kernel}” is none of Python, so “packages” cannot be "
                "looked up. Give code that prints names and versions as “versions”"
            ).format(kernel=framework.kernel)
        )
    async with _started(framework, settings) as client:
        reply = await client.kernel_info(reply=True, timeout=SECONDS)
        language = reply["content"]["language_info"]
        version = language.get("version") or _first_number(reply["content"]["banner"])
        printed = await _printed(client, framework) if framework.versions else ""
    own = {language["name"]: version}
    lines = (line.split(maxsplit=1) for line in printed.splitlines())
    return Versions("", own | dict(pair for pair in lines if len(pair) == 2), language)


def _first_number(banner: str) -> str:
    """The version that a kernel greets with; some name it nowhere else."""
    found = re.search(r"\d+(\.\d+)+[^\s,;]*", banner)
    return found[0] if found else ""


async def _printed_in(framework: Framework, settings: Settings, code: str) -> str:
    async with _started(framework, settings) as client:
        return await _printed(client, framework, code)


async def _printed(
    client: AsyncKernelClient, framework: Framework, code: str | None = None
) -> str:
    """What code prints in a kernel, by default that of the setting ``versions``."""
    printed = []

    def note(message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            printed.append(content["text"])
        elif message["msg_type"] == "error":
            raise _no_answer(framework, f"{content['ename']}: {content['evalue']}")

    await client.execute_interactive(
        code or framework.versions, allow_stdin=False, output_hook=note, timeout=SECONDS
    )
    return "".join(printed)


@contextlib.asynccontextmanager
async def _started(
    framework: Framework, settings: Settings
) -> AsyncIterator[AsyncKernelClient]:
    """A client of the framework's kernel, which is gone afterwards."""
    manager, client = AsyncKernelManager(kernel_name=framework.kernel), None
    with tempfile.TemporaryFile() as last_words:
        try:
            await manager.start_kernel(
                cwd=str(settings.root),
                env=kernel_environment(settings),
                stderr=last_words,
            )
            client = manager.client()
            client.start_channels()
            await client.wait_for_ready(timeout=SECONDS)
            yield client
        except (OSError, RuntimeError, TimeoutError, Empty) as error:
            last_words.seek(0)
            said = last_words.read().decode(errors="replace").strip()
            raise _no_answer(framework, said or str(error)) from None
        finally:
            if client is not None:
                client.stop_channels()
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)


def _no_answer(framework: Framework, reason: str) -> Failure:
    """The failure of a kernel, with the last line of what it complained of."""
    lines = reason.strip().splitlines()
    told = _(
        "the kernel “{kernel}” does not say which versions it has ({reason}). Correct "
        "its installation"
    )
    return Failure(
        told.format(kernel=framework.kernel, reason=lines[-1] if lines else "–")
    )
