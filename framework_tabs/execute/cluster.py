"""Hands the notebooks that have to run to Snakemake, which knows clusters.

Snakemake starts jobs where there is room, on one machine, Slurm, Kubernetes or AWS
Batch. What it does not decide is whether a notebook has to run: that is ``execute``'s
own question, by code, data and versions, asked here for the plan and again in each job.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from .. import writing
from ..config import Settings
from ..messages import _

FOLDER = "_build/cluster"
PLAN = f"{FOLDER}/plan.json"
SNAKEFILE = f"{FOLDER}/Snakefile"

OPTIONS = (
    # What the plan names has to run, though Snakemake has seen it done before.
    "--forceall",
    "--keep-going",
    # A start that was killed is no reason to refuse the next: each job has its own lock
    # and leaves a whole notebook or the earlier one.
    "--nolock",
    "--rerun-incomplete",
    # The longest first, by the plan's priorities.
    "--scheduler",
    "greedy",
)


class NoSnakemake(Exception):
    """There is none to be found; the message says how to get it."""


def run(plan: dict[str, Any], settings: Settings, arguments: list[str]) -> list[str]:
    """Let Snakemake run what is not fresh; a message for each notebook that failed.

    ``arguments`` are options of Snakemake itself.
    """
    wanted = [each["path"] for each in plan["notebooks"] if not each["fresh"]]
    if not wanted:
        return []
    command = _command(settings, arguments)
    folder = settings.root / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    shipped = files(__package__).joinpath("cluster.smk").read_text(encoding="utf-8")
    writing.write(settings.root / SNAKEFILE, shipped)
    writing.write(settings.root / PLAN, json.dumps(plan, indent=1, ensure_ascii=False))
    if subprocess.run(command, cwd=settings.root).returncode == 0:
        return []
    failed = [path for path in wanted if not (folder / "done" / path).exists()]
    logs = {path: folder / "logs" / f"{path}.log" for path in failed}
    began = {path: log for path, log in logs.items() if log.exists()}
    told = [_message(path, log) for path, log in began.items()]
    if len(began) < len(failed):
        waiting = len(failed) - len(began)
        told.append(_("Jobs that did not begin: {number}.").format(number=waiting))
    return [*told, _("Snakemake gives its own reasons above.")]


def _command(settings: Settings, arguments: list[str]) -> list[str]:
    """Snakemake's own options come last, so that they count."""
    given = [name for name in settings.environment if name in os.environ]
    return [
        *_snakemake(),
        *("--snakefile", SNAKEFILE, "--configfile", PLAN),
        *("--config", f"python={sys.executable}"),
        *(["--envvars", *given] if given else []),
        *OPTIONS,
        *arguments,
    ]


def _snakemake() -> list[str]:
    """The program, which may have an environment of its own."""
    places = (str(Path(sys.executable).parent), os.environ.get("PATH", ""))
    found = shutil.which("snakemake", path=os.pathsep.join(places))
    if not found:
        raise NoSnakemake(
            _(
                "Snakemake is not installed. Install it with “pip install "
                "'framework-tabs[cluster]'”, or in an environment of its own whose "
                "programs are on the PATH."
            )
        )
    return [found]


def _message(path: str, log: Path) -> str:
    """What became of a notebook's job, by the last line of what it said."""
    said = log.read_text(encoding="utf-8").strip().rpartition("\n")[2]
    return _("{notebook}: its job ended early. It said last: {line}").format(
        notebook=path, line=said
    )
