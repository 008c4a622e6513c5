"""Results of earlier runs, kept by jupyter-cache below ``_build``.

The cache saves work and nothing else: whatever is wrong with it, the notebook runs
anew. jupyter-cache's own key covers code, cell metadata and the kernelspec; the
project's key goes into an extra entry of the kernelspec.
"""

import contextlib
import copy
import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbformat import NotebookNode, v4

from .notebooks import MARK, code_cells


class Cache:
    """The results kept in one folder, which may be deleted at any time."""

    def __init__(self, folder: Path):
        self.folder = folder

    def restore(self, notebook: NotebookNode, key: str) -> dict | None:
        """Put cached outputs on ``notebook``'s code cells; the record of their run.

        None, and ``notebook`` as it was, if there are none or they are unusable.
        """
        wanted = _bare(notebook, key)
        try:
            with self._alone():
                cache = get_cache(self.folder)
                record = cache.match_cache_notebook(wanted)
                found = cache.get_cache_bundle(record.pk).nb.cells
            pairs = list(zip(code_cells(notebook), found, strict=True))
            results = [(cell, old.outputs, old.execution_count) for cell, old in pairs]
            run = dict(record.data["run"])
        except Exception:  # whatever a damaged cache raises, it is a miss
            return None
        for cell, outputs, count in results:
            cell.outputs, cell.execution_count = outputs, count
        return run

    def store(self, notebook: NotebookNode, key: str, run: dict) -> None:
        """Keep the outputs of an executed notebook; a damaged cache is started anew.

        Raises whatever prevents even that, above all OSError.
        """
        with self._alone():
            try:
                self._store(notebook, key, run)
            except OSError:
                raise
            except Exception:  # sqlite's, json's, jupyter-cache's own: all mean damage
                shutil.rmtree(self.folder)
                self._store(notebook, key, run)

    def _store(self, notebook: NotebookNode, key: str, run: dict) -> None:
        source = notebook.metadata[MARK]["source"]
        bundle = CacheBundleIn(_bare(notebook, key), source, data={"run": run})
        get_cache(self.folder).cache_notebook_bundle(
            bundle, check_validity=False, overwrite=True
        )

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """jupyter-cache bears one writer at a time; other processes wait here."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{self.folder}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _bare(notebook: NotebookNode, key: str) -> NotebookNode:
    """The code cells of ``notebook`` under the kernelspec that carries the key."""
    kernelspec = {**notebook.metadata.kernelspec, MARK: key}
    bare = v4.new_notebook(metadata={"kernelspec": kernelspec})
    bare.cells = copy.deepcopy(code_cells(notebook))
    for cell in bare.cells:
        cell.metadata.pop(MARK, None)
    return bare
