"""Results of earlier runs, in a folder that any number of machines may share.

Each result is one file, named by the digest of all it depends on, so that writers never
meet and folders are merged by copying them together. It lies with the others that began
with the same: which of them is a result of today's code, their own records tell. The
cache saves work and nothing else: whatever is wrong with an entry, the notebook runs
anew.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from nbformat import NotebookNode, from_dict

from .. import digest, writing
from .record import MARK, code_cells, execution_tags

VERSION = 2
"""Of the entries' form; a reader takes no other."""


class Cache:
    """The results kept in one folder, which may be deleted at any time."""

    def __init__(self, folder: Path):
        self.folder = folder

    def restore(
        self,
        notebook: NotebookNode,
        beginning: str,
        is_current: Callable[[dict[str, Any]], bool],
    ) -> dict[str, Any] | None:
        """Put cached outputs on ``notebook``'s code cells; the record of their run.

        Of the results that began with this key it is the newest whose record
        ``is_current``. None, and ``notebook`` as it was, if there is none to use.
        """
        found = self._sound(_name(notebook, beginning))
        for content in sorted(found, key=_began, reverse=True):
            if is_current(content["run"]):
                cells = zip(code_cells(notebook), content["cells"], strict=True)
                for cell, cached in cells:
                    cell.outputs = [from_dict(output) for output in cached["outputs"]]
                    cell.execution_count = cached["execution_count"]
                run: dict[str, Any] = content["run"]
                return run
        return None

    def store(
        self, notebook: NotebookNode, beginning: str, run: dict[str, Any]
    ) -> None:
        """Keep the outputs of an executed notebook; raises OSError if it cannot."""
        name = _name(notebook, beginning)
        cells = [
            {"outputs": cell.outputs, "execution_count": cell.execution_count}
            for cell in code_cells(notebook)
        ]
        content = {"version": VERSION, "name": name, "cells": cells, "run": run}
        entry = {"digest": digest.of_json(content), "content": content}
        path = self._place(name) / f"{run['key']}.json"
        writing.write(path, json.dumps(entry, ensure_ascii=False))

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _sound(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield what the whole and unchanged entries of this name and version hold."""
        for path in sorted(self._place(name).glob("*.json")):
            try:
                entry = json.loads(path.read_text(encoding="utf-8"))
                content = entry["content"]
                is_sound = entry["digest"] == digest.of_json(content)
                ours = (content["version"], content["name"], content["run"]["key"])
            except (OSError, ValueError, LookupError, TypeError):
                continue
            if is_sound and ours == (VERSION, name, path.stem):
                yield content


def _began(content: dict[str, Any]) -> str:
    return str(content["run"].get("started"))


def _name(notebook: NotebookNode, beginning: str) -> str:
    """Name results by what they began with: the key, their cells and how those run.

    The key covers code, kernel, data and versions; from another folder, the same code
    may read other files. How a cell looks is not in it.
    """
    cells = [[c.source, execution_tags(c.metadata)] for c in code_cells(notebook)]
    page = PurePosixPath(notebook.metadata.get(MARK, {}).get("source", ""))
    return digest.of_json([beginning, str(page.parent), cells])
