"""Plan: what running every notebook takes, in a form that schedulers can read.

Nothing is run here. Time and memory are those that the notebook's last run recorded,
needs are what ``_config.yml`` says; a notebook is fresh if ``execute`` would not run it
here. Where a framework is not installed nobody can tell, so it counts as not fresh.
"""

import asyncio
import math
from pathlib import Path
from typing import Any

from ..config import ConfigError, Framework, Needs, Settings
from ..messages import _
from ..source.cell import Chapter
from ..store import record
from ..store.record import MARK
from .freshness import Bases
from .job import Failure
from .shards import Cost, costs

MEGABYTE = 10**6
MEMORY_MARGIN = 1.25
"""A run may take so much more than the last one did."""

OWN_MEMORY = 1000
"""Megabytes of the commands around a kernel: a cluster counts them too."""

TIME_MARGIN = 4
"""A slower machine may take so many times as long as the last one did."""

LEAST_MINUTES = 30


def plan(
    chapters: list[Chapter], frameworks: list[Framework], settings: Settings
) -> dict[str, Any]:
    """Return ``{"notebooks": [...]}``, an object for each notebook.

    ``seconds`` and ``memory`` (bytes) are null if it never ran. ``resources`` is what a
    scheduler is asked for, in Snakemake's words.
    """
    _must_exist(settings.needs, chapters)
    keys = {framework.key for framework in frameworks}
    wanted = [
        (chapter, framework)
        for chapter in chapters
        for framework in settings.runners_of(chapter).values()
        if framework.key in keys
    ]
    bases = Bases(settings)
    asyncio.run(bases.ask({framework for _chapter, framework in wanted}))
    expected = costs([_path(*each, settings) for each in wanted], settings.root)
    return {
        "notebooks": [
            _entry(chapter, framework, settings, bases, cost)
            for (chapter, framework), cost in zip(wanted, expected, strict=True)
        ]
    }


def _must_exist(needs: dict[str, Needs], chapters: list[Chapter]) -> None:
    names = [chapter.name for chapter in chapters]
    for name in needs:
        if name not in names:
            told = _("there is no such chapter. There are: {known}.")
            raise ConfigError(f"needs.{name}", told.format(known=", ".join(names)))


def _path(chapter: Chapter, framework: Framework, settings: Settings) -> Path:
    return record.path_for(settings, framework.key, chapter)


def _entry(
    chapter: Chapter,
    framework: Framework,
    settings: Settings,
    bases: Bases,
    expected: Cost,
) -> dict[str, Any]:
    path = _path(chapter, framework, settings)
    stored = record.load(path)
    run = stored.metadata.get(MARK, {}).get("run", {})
    needs = settings.needs_of(chapter, framework)
    try:
        fresh = bases.is_fresh(stored, chapter, framework)
    except Failure:
        fresh = False
    return {
        "chapter": chapter.name,
        "source": chapter.source,
        "framework": framework.key,
        "path": settings.relative(path),
        "fresh": fresh,
        "seconds": run.get("seconds"),
        "memory": run.get("peak_memory"),
        "needs": {k: v for k, v in vars(needs).items() if v is not None},
        "resources": _resources(needs, expected, "seconds" in run),
        "priority": expected.seconds,
    }


def _resources(needs: Needs, expected: Cost, is_measured: bool) -> dict[str, Any]:
    """What to ask for, with room to spare: a cluster ends what takes more.

    Without a measurement no time is asked for, and the cluster's own limit holds.
    """
    minutes = LEAST_MINUTES + TIME_MARGIN * expected.seconds / 60
    memory = expected.memory / MEGABYTE
    if is_measured:
        memory = OWN_MEMORY + MEMORY_MARGIN * memory
    return {
        "cores": needs.cores or 1,
        "mem_mb": math.ceil(1000 * needs.memory if needs.memory else memory),
        "runtime": math.ceil(minutes) if is_measured else None,
        "gpu": needs.gpu or None,
        "constraint": needs.architecture,
    }
