"""The versions of a kernel, whatever its language and however it is started."""

import asyncio
import platform
import sys
import time
from importlib.metadata import version

import pytest
from fault_table import fault
from kernels import install, install_shell
from tiny_book import write_book

from framework_tabs.execute import versions
from framework_tabs.execute.job import Failure


def asked(root, **framework) -> versions.Versions:
    """What the kernel of a framework answers."""
    book = write_book(root, frameworks={"a": {"label": "A", **framework}})
    return asyncio.run(versions.ask(book.settings.frameworks["a"], book.settings))


def test_pythons_kernel_names_python_and_the_packages(tmp_path):
    found = asked(tmp_path, packages=["numpy"])
    assert found.python == platform.python_version()
    assert (found.packages, found.language) == ({"numpy": version("numpy")}, {})


def test_a_package_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Failure, match="nothing-like-it.*“python3”"):
        asked(tmp_path, packages=["numpy", "nothing-like-it"])


def test_a_kernel_that_there_is_not_is_named(tmp_path):
    with pytest.raises(Failure, match="“nothing-like-it”"):
        asked(tmp_path, kernel="nothing-like-it")


def test_pythons_kernel_behind_another_program_is_asked_itself(tmp_path, monkeypatch):
    launcher = ["env", "X=1", sys.executable, "-m", "ipykernel_launcher", "-f"]
    install(monkeypatch, tmp_path / "jupyter", "far", [*launcher, "{connection_file}"])
    found = asked(tmp_path / "book", kernel="far", packages=["numpy"])
    assert found.python == platform.python_version()
    assert found.packages == {"numpy": version("numpy")}


def test_the_version_of_another_language_is_that_of_a_package(tmp_path, monkeypatch):
    install_shell(monkeypatch, tmp_path / "jupyter")
    found = asked(tmp_path / "plain", kernel="shell")
    assert (found.python, found.packages) == ("", {"bash": "5.2.1-tests"})
    assert found.language["file_extension"] == ".sh"
    code = "echo sed 4.9; echo; echo grep 3.8 patched"
    found = asked(tmp_path / "more", kernel="shell", versions=code)
    assert found.packages == {
        "bash": "5.2.1-tests",
        "sed": "4.9",
        "grep": "3.8 patched",
    }


def test_packages_of_another_language_cannot_be_looked_up(tmp_path, monkeypatch):
    install_shell(monkeypatch, tmp_path / "jupyter")
    with pytest.raises(Failure, match="“shell”.*packages.*versions"):
        asked(tmp_path / "book", kernel="shell", packages=["sed"])


def test_code_that_fails_to_tell_versions_is_reported(tmp_path, monkeypatch):
    install_shell(monkeypatch, tmp_path / "jupyter")
    with pytest.raises(Failure, match="“shell”.*Status: 3"):
        asked(tmp_path / "book", kernel="shell", versions="(exit 3)")


@pytest.mark.parametrize(
    ("argv", "language", "told"),
    [
        (["false"], "R", "“x”"),
        (["/nothing/like/it"], "R", "“x”"),
        (["false"], "python", "“x”"),
        (["/usr/bin/false", "-m", "ipykernel_launcher"], "python", "“x”"),
        (["/nothing/like/it", "-m", "ipykernel_launcher"], "python", "/like/it"),
        (["/usr/bin/env", "-m", "ipykernel_launcher"], "python", "“x”"),
        (["sh", "-c", "echo why not >&2"], "R", "why not"),
    ],
)
def test_a_kernel_that_does_not_start_is_reported(
    tmp_path, monkeypatch, argv, language, told
):
    install(monkeypatch, tmp_path / "jupyter", "x", argv, language=language)
    with pytest.raises(Failure, match=told) as caught:
        asked(tmp_path / "book", kernel="x")
    assert "names =" not in str(caught.value)


@fault("çekirdek yanıt vermiyor")
@pytest.mark.parametrize(
    "argv", [["sleep", "60"], ["/bin/sh", "-m", "ipykernel_launcher"]]
)
def test_a_kernel_that_does_not_answer_is_given_up(tmp_path, monkeypatch, argv):
    (tmp_path / "names").write_text("exec sleep 60")
    monkeypatch.setattr(versions, "SECONDS", 1)
    monkeypatch.setattr(versions, "_ASK", "\nexec sleep 60")
    install(monkeypatch, tmp_path / "jupyter", "x", argv)
    start = time.monotonic()
    with pytest.raises(Failure, match="“x”"):
        asked(tmp_path / "book", kernel="x")
    assert time.monotonic() - start < 20


def test_an_interruption_is_heard_while_a_kernel_is_silent(tmp_path, monkeypatch):
    install(monkeypatch, tmp_path / "jupyter", "x", ["sleep", "60"])
    book = write_book(
        tmp_path / "book", frameworks={"a": {"label": "A", "kernel": "x"}}
    )

    async def interrupted():
        framework = book.settings.frameworks["a"]
        task = asyncio.create_task(versions.ask(framework, book.settings))
        await asyncio.sleep(0.5)
        task.cancel()
        await task

    start = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
    assert time.monotonic() - start < 20
