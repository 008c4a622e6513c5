"""The workflows: what they may do, what they run, and that it is what runs here."""

import re
import subprocess
import sys
from pathlib import Path

import gpu_matrix
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
WRITING = {
    ("gpu", "propose"): {"contents", "pull-requests"},
    ("pages", "lay-out"): {"contents"},
    ("pages", "deploy"): {"pages", "id-token"},
    ("weekly", "tell"): {"issues"},
    ("weekly", "propose"): {"contents", "pull-requests"},
}
"""The only jobs that may write, and what."""


def load(path):
    """A workflow; YAML 1.1 reads its key `on` as a truth value."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs():
    """Every job with the names of its workflow and of itself."""
    return [
        pytest.param(path.stem, name, job, id=f"{path.stem}-{name}")
        for path in WORKFLOWS
        for name, job in load(path)["jobs"].items()
    ]


def steps():
    """Every step of every job."""
    return [step for param in jobs() for step in param.values[2]["steps"]]


def commands():
    """The lines that steps run."""
    return [step["run"].strip() for step in steps() if "run" in step]


def test_there_are_workflows_for_pushes_gpus_pages_and_every_week():
    assert {path.stem for path in WORKFLOWS} == {"push", "gpu", "pages", "weekly"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_unless_a_job_says_otherwise(path):
    assert load(path)["permissions"] == {"contents": "read"}


@pytest.mark.parametrize(("workflow", "name", "job"), jobs())
def test_a_job_writes_only_what_it_must_and_ends_in_time(workflow, name, job):
    granted = job.get("permissions", {})
    writing = {what for what, level in granted.items() if level == "write"}
    assert writing == WRITING.get((workflow, name), set())
    assert 0 < job["timeout-minutes"] <= 720


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_workflow_runs_strangers_code_with_rights_of_the_repository(path):
    triggers = load(path)[True]
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(triggers)


def test_every_action_is_pinned_to_a_commit_with_its_release_beside_it():
    for path in WORKFLOWS:
        used = re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
        assert [line for line in used if not PINNED.fullmatch(line)] == []


def test_one_release_of_each_action_is_used_everywhere():
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    used = {tuple(x.split("@")) for x in re.findall(r"uses: (.+)", text)}
    assert len({action for action, _ in used}) == len(used)


def test_every_container_is_pinned_to_a_digest():
    files = [*WORKFLOWS, ROOT / "containers" / "Dockerfile"]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    images = re.findall(r"(?:image: |^FROM )(\S+:\S+)", text, re.M)
    assert images
    assert [x for x in images if not re.search(r"@sha256:[0-9a-f]{64}$", x)] == []


def test_no_checkout_leaves_its_token_behind():
    checkouts = [s for s in steps() if s.get("uses", "").startswith("actions/checkout")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_secret_but_the_job_s_own_token_is_used_and_only_to_write():
    for path in WORKFLOWS:
        assert "secrets." not in path.read_text(encoding="utf-8")
    for param in jobs():
        has_token = "github.token" in str(param.values[2])
        assert not has_token or tuple(param.values[:2]) in WRITING


def test_the_gpu_run_takes_all_data_and_shows_its_card_to_one_framework():
    job = load(ROOT / ".github" / "workflows" / "gpu.yml")["jobs"]["execute"]
    assert job["env"]["D2L_SHIM_BUDGET"] == "full"
    assert {"CUDA_VISIBLE_DEVICES", "PYTORCH_CUDA_ALLOC_CONF"} <= job["env"].keys()
    assert {"TF_FORCE_GPU_ALLOW_GROWTH", "MXNET_GPU_MEM_POOL_TYPE"} <= job["env"].keys()


def test_the_gpu_run_takes_its_shares_from_the_plan():
    jobs = load(ROOT / ".github" / "workflows" / "gpu.yml")["jobs"]
    execute, plan = jobs["execute"], jobs["plan"]
    assert execute["needs"] == "plan"
    assert execute["strategy"]["matrix"] == (
        "${{ fromJSON(needs.plan.outputs.matrix) }}"
    )
    assert execute["runs-on"] == "${{ matrix.runner }}"
    assert plan["env"]["D2L_SHIM_BUDGET"] == execute["env"]["D2L_SHIM_BUDGET"]
    used = set(re.findall(r"matrix\.(\w+)", str(execute)))
    (entry,) = gpu_matrix.matrix([PLANNED], 2, "gpu")
    assert used == set(entry)


PLANNED = {"fresh": False, "framework": "mxnet", "chapter": "alexnet", "needs": {}}


def test_a_partial_set_can_not_be_proposed():
    found = load(ROOT / ".github" / "workflows" / "gpu.yml")["jobs"]
    assert found["gather"]["needs"] == "execute" and "if" not in found["gather"]
    assert found["propose"]["needs"] == "gather" and "if" not in found["propose"]


# What the steps run


def known_commands():
    """What a step may begin with: goals of make and programs of this repository."""
    goals = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    yield from (f"make {goal}" for goal in goals)
    yield from ("make .venv/book.installed", "make .venv/notebooks.installed")
    yield from ("bash .ci/run", "bash .ci/install")
    yield ".venv/bin/python -m framework_tabs gather"
    for path in (ROOT / "tools").iterdir():
        name = f"tools/{path.name}"
        yield from (name, f"python {name}", f".venv/bin/python {name}")


OWN_TO_GITHUB = ("apt-get update -qq && apt-get install -y -qq git", "sed -nE")
"""What a checkout needs before it, and what reads a version for another step."""


@pytest.mark.parametrize("command", commands())
def test_a_step_runs_a_command_of_this_repository(command):
    known = (*known_commands(), *OWN_TO_GITHUB)
    assert command.startswith(known)
    assert "${{" not in command, "expressions go through variables, never into a shell"
    assert len(command.splitlines()) == 1, "longer work has a program in tools/"


def test_every_program_that_steps_run_is_there_and_can_be_run():
    for path in re.findall(r"tools/[\w.]+", "\n".join(commands())):
        assert (ROOT / path).is_file()
    for path in (ROOT / "tools").glob("*.sh"):
        assert path.stat().st_mode & 0o111, f"{path} cannot be run"
        assert subprocess.run(["sh", "-n", path]).returncode == 0


@pytest.mark.parametrize(
    "linter",
    [
        ["actionlint"],
        ["zizmor", "--offline", "--no-progress", "--quiet", ".github"],
        ["hadolint", "containers/Dockerfile"],
        ["check-jsonschema", "--builtin-schema", "vendor.dependabot"],
    ],
    ids=lambda command: command[0],
)
def test_make_lint_runs_each_linter(linter):
    goal = subprocess.run(
        ["make", "--dry-run", "lint"], cwd=ROOT, capture_output=True, text=True
    )
    assert f".venv/bin/{' '.join(linter)}" in goal.stdout


def test_the_linters_of_workflows_notice_a_defect(tmp_path):
    text = (WORKFLOWS[0]).read_text(encoding="utf-8")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    broken = text.replace("runs-on:", "runs_on:").replace("permissions:", "x-none:")
    (folder / "broken.yml").write_text(broken, encoding="utf-8")
    scripts = Path(sys.executable).parent
    for command in (["actionlint"], ["zizmor", "--offline", str(folder)]):
        checked = [scripts / command[0], *command[1:], *folder.glob("*")]
        result = subprocess.run(checked, cwd=tmp_path, capture_output=True)
        assert result.returncode != 0, command[0]
