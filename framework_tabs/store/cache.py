"""Results of earlier runs, in a folder that any number of machines may share.

Each result is one file, named by the digest of all it depends on, so that writers never
meet and folders are merged by copying them together. The cache saves work and nothing
else: whatever is wrong with an entry, the notebook runs anew.
"""

import hashlib
import json
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode, from_dict

from .. import writing
from .record import MARK, code_cells, execution_tags

VERSION = 1
"""Of the entries' form; a reader takes no other."""


class Cache:
    """The results kept in one folder, which may be deleted at any time."""

    def __init__(self, folder: Path):
        self.folder = folder

    def restore(self, notebook: NotebookNode, key: str) -> dict | None:
        """Put cached outputs on ``notebook``'s code cells; the record of their run.

        None, and ``notebook`` as it was, if there are none or they are unusable.
        """
        name = _name(notebook, key)
        try:
            entry = json.loads(self._path(name).read_text(encoding="utf-8"))
            content = entry["content"]
            is_sound = entry["digest"] == _digest(content)
            is_ours = (content["version"], content["name"]) == (VERSION, name)
        except (OSError, ValueError, LookupError, TypeError):
            return None
        if not (is_sound and is_ours):
            return None
        for cell, found in zip(code_cells(notebook), content["cells"], strict=True):
            cell.outputs = [from_dict(output) for output in found["outputs"]]
            cell.execution_count = found["execution_count"]
        return content["run"]

    def store(self, notebook: NotebookNode, key: str, run: dict) -> None:
        """Keep the outputs of an executed notebook; raises OSError if it cannot."""
        name = _name(notebook, key)
        cells = [
            {"outputs": cell.outputs, "execution_count": cell.execution_count}
            for cell in code_cells(notebook)
        ]
        content = {"version": VERSION, "name": name, "cells": cells, "run": run}
        entry = {"digest": _digest(content), "content": content}
        writing.write(self._path(name), json.dumps(entry, ensure_ascii=False))

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}.json"


def _name(notebook: NotebookNode, key: str) -> str:
    """Name an entry: by the key, and by what its cells are and how they are to run.

    The key covers code, kernel, data and versions; from another folder, the same code
    may read other files. How a cell looks is not in it.
    """
    cells = [[c.source, execution_tags(c.metadata)] for c in code_cells(notebook)]
    page = PurePosixPath(notebook.metadata.get(MARK, {}).get("source", ""))
    return _digest([key, str(page.parent), cells])


def _digest(content) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
