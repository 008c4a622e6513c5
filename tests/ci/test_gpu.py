"""The GPU environments, as far as a machine without a card can show them."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import cuda_architectures
import gpu_matrix
import pytest

from framework_tabs import config
from framework_tabs.execute import versions

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "containers" / "Dockerfile").read_text(encoding="utf-8")


def record(kind, architecture, code=b"x" * 8):
    """One piece of code in a library for GPUs: 64 bytes about it, then the code."""
    about = bytearray(64)
    struct.pack_into("<HHIQ", about, 0, kind, 1, len(about), len(code))
    struct.pack_into("<I", about, 28, architecture)
    return bytes(about) + code


def library(*records):
    """The bytes of a library that holds these pieces."""
    content = b"".join(records)
    head = struct.pack("<4sHHQ", cuda_architectures.MAGIC, 1, 16, len(content))
    return b"\x7fELF" + head + content + b"the rest"


def test_the_cards_that_a_library_has_code_for_are_read_from_it():
    found = cuda_architectures.architectures(
        library(record(2, 80), record(2, 86), record(2, 86), record(1, 86))
    )
    assert found == {("kod", 80): 1, ("kod", 86): 2, ("PTX", 86): 1}


def test_a_library_without_gpu_code_is_said_to_have_none(tmp_path):
    path = tmp_path / "lib.so"
    path.write_bytes(b"\x7fELF nothing here")
    program = ROOT / "tools" / "cuda_architectures.py"
    result = subprocess.run(
        [sys.executable, program, path], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "GPU kodu yok" in result.stderr


def test_mxnet_finds_the_libraries_that_pip_installed_beside_it(tmp_path):
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "with_cuda.sh", tmp_path / "tools")
    packages = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    for name in ("cublas", "cudnn"):
        (packages / "nvidia" / name / "lib").mkdir(parents=True)
    command = [tmp_path / "tools" / "with_cuda.sh", "printenv", "LD_LIBRARY_PATH"]
    variables = os.environ | {"LD_LIBRARY_PATH": "/own"}
    said = subprocess.check_output(command, env=variables, text=True)
    folders = [str(packages / "nvidia" / x / "lib") for x in ("cudnn", "cublas")]
    assert said.strip().split(":") == [*folders, "/own"]


def notebook(framework, chapter, fresh=False, **needs):
    """What the plan says of a notebook, as far as it is dealt out by that."""
    return {"framework": framework, "chapter": chapter, "fresh": fresh, "needs": needs}


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_each_framework_has_as_many_shares_as_wanted_and_none_is_empty(most):
    planned = [notebook(key, name, gpu=1) for key in "ab" for name in "xyz"]
    found = list(gpu_matrix.matrix(planned, most, "gpu"))
    count = min(most, 3)
    for key in "ab":
        shares = [each["shard"] for each in found if each["framework"] == key]
        assert shares == [f"{number}/{count}" for number in range(1, count + 1)]
    assert {each["chapters"] for each in found} == {"x y z"}


def test_only_what_is_not_fresh_is_dealt_out():
    planned = [notebook("a", "x", fresh=True), notebook("a", "y")]
    (share,) = gpu_matrix.matrix(planned, 2, "gpu")
    assert (share["chapters"], share["shard"]) == ("y", "1/1")
    assert list(gpu_matrix.matrix(planned[:1], 2, "gpu")) == []


def test_notebooks_go_where_there_is_what_they_need():
    planned = [
        notebook("mxnet", "x", gpu=1, architecture="ampere"),
        notebook("mxnet", "y", gpu=0, architecture="ampere"),
        notebook("python", "z"),
    ]
    found = {each["chapters"]: each for each in gpu_matrix.matrix(planned, 2, "kart")}
    assert found["x"]["runner"] == ["kart", "ampere"]
    assert found["y"]["runner"] == found["z"]["runner"] == ["ubuntu-24.04"]


def test_every_framework_of_the_book_has_a_lock():
    for key in config.load(ROOT).runners:
        assert (ROOT / "locks" / f"{gpu_matrix.lock(key)}.txt").exists()


STEP = """#!/bin/sh
echo "$@" >> calls
case "$*" in *execute*) echo changed > notebooks/a.ipynb ;; esac
"""


@pytest.fixture
def shard(tmp_path):
    """A repository whose Python only notes what it is asked, and runs a notebook."""
    for folder in ("tools", "notebooks", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("with_cuda.sh", "gpu_shard.sh"):
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools")
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(STEP)
    python.chmod(0o755)
    for name in ("a", "b"):
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text("old\n")
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*run, *command], cwd=tmp_path, check=True)
    return tmp_path


def test_nbval_repeats_just_the_notebooks_that_the_share_executed(shard):
    command = ["tools/gpu_shard.sh", "pytorch", "1/2", "_results"]
    subprocess.run(command, cwd=shard, check=True)
    executed, tested = (shard / "calls").read_text().splitlines()
    assert "execute --framework pytorch --shard 1/2 --cache _results" in executed
    assert tested.endswith("notebooks/a.ipynb") and "b.ipynb" not in tested


def test_a_share_may_be_of_some_chapters_alone(shard):
    command = ["tools/gpu_shard.sh", "pytorch", "1/2", "_results", "lenet alexnet"]
    subprocess.run(command, cwd=shard, check=True)
    executed = (shard / "calls").read_text().splitlines()[0]
    assert "execute lenet alexnet --framework pytorch --shard 1/2" in executed


def test_a_share_that_fails_is_not_tested_and_fails(shard):
    (shard / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    command = ["tools/gpu_shard.sh", "pytorch", "1/2", "_results"]
    assert subprocess.run(command, cwd=shard).returncode == 1


@pytest.mark.parametrize("framework", ["mxnet", "pytorch", "tensorflow"])
def test_a_container_installs_its_framework_s_lock(framework):
    stage = re.search(rf"^FROM base AS {framework}\n(.*?)(?=^FROM|\Z)", DOCKERFILE,
                      re.M | re.S)  # fmt: skip
    command = f"RUN python tools/environment.py gpu-{framework} .venv/gpu.installed"
    assert command in stage[1]
    assert (ROOT / "locks" / f"gpu-{framework}.txt").exists()


def test_containers_keep_each_framework_from_taking_the_whole_card():
    workflow = (ROOT / ".github" / "workflows" / "gpu.yml").read_text()
    for setting in (
        ("MXNET_GPU_MEM_POOL_TYPE", "Round"),
        ("PYTORCH_CUDA_ALLOC_CONF", "expandable_segments:True"),
        ("TF_FORCE_GPU_ALLOW_GROWTH", "true"),
    ):
        assert "=".join(setting) in DOCKERFILE
        assert re.search('{}: "?{}'.format(*setting), workflow)


def test_a_run_finds_the_version_of_a_build_with_another_name(tmp_path):
    (tmp_path / "mxnet").mkdir()
    (tmp_path / "mxnet" / "__init__.py").touch()
    about = tmp_path / "mxnet_cu112-1.9.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: mxnet-cu112\nVersion: 1.9.1\n")
    (about / "top_level.txt").write_text("mxnet\n")
    command = [sys.executable, "-S", "-c", versions.question(["mxnet", "nowhere"])]
    variables = os.environ | {"PYTHONPATH": str(tmp_path)}
    answer = subprocess.check_output(command, env=variables)
    assert json.loads(answer)[1] == {"mxnet": "1.9.1", "nowhere": None}
