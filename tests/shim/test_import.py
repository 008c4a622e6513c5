"""What importing the shim brings along: one framework at most, and no warnings."""

import subprocess
import sys

import pytest

from tests import policy

FRAMEWORKS = {"mxnet", "torch", "tensorflow"}


def run_python(code, root, *options):
    """Run code in a fresh interpreter at the repository's root; return the process."""
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=300
    )


def frameworks_after(statement, root):
    """Return which frameworks a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*({FRAMEWORKS} & set(sys.modules)))"
    process = run_python(code, root)
    assert process.returncode == 0, process.stderr
    return set(process.stdout.split())


@pytest.mark.parametrize("framework", sorted(FRAMEWORKS))
def test_a_framework_s_shim_imports_that_framework_alone(framework, root):
    policy.require_package(framework)
    statement = f"from d2l_shim import {framework} as d2l"
    assert frameworks_after(statement, root) == {framework}


def test_the_package_itself_imports_no_framework(root):
    assert frameworks_after("import d2l_shim", root) == set()


@pytest.mark.parametrize("framework", sorted(FRAMEWORKS))
def test_an_import_shows_the_reader_no_warning(framework, root):
    policy.require_package(framework)
    code = f"from d2l_shim import {framework} as d2l\nprint('ready')"
    process = run_python(code, root, "-W", "default")
    assert (process.stdout, process.stderr) == ("ready\n", "")


def test_mxnet_computes_after_the_shim_has_made_it_importable(root):
    policy.require_package("mxnet")
    code = "import d2l_shim.mxnet\nfrom mxnet import np\nprint(np.ones(3).sum())"
    process = run_python(code, root, "-W", "default")
    assert (process.stdout, process.stderr) == ("3.0\n", "")
