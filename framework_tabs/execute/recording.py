"""What the processes of one kernel note of the book's own code that they use."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .. import recorder
from ..config import Framework, Settings
from ..recorder.entered import FOLDER, ROOTS
from ..store import ran
from ..store.ran import Ran


class Recording:
    """The notes of one kernel and of all processes that it starts."""

    def __init__(self, folder: Path, framework: Framework, settings: Settings):
        self.folder, self.framework, self.settings = folder, framework, settings
        self.surroundings = ran.surroundings(framework, settings)
        roots = [os.path.realpath(place) for place in settings.depends_on]
        (folder / ROOTS).write_text(json.dumps(roots), encoding="utf-8")

    def variables(self, known: dict[str, str]) -> dict[str, str]:
        """The variables with which a process of Python starts to record."""
        path = [str(Path(recorder.__file__).parent), known.get("PYTHONPATH", "")]
        return {
            **known,
            FOLDER: str(self.folder),
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
        }

    def used(self, connection_file: str) -> Ran | None:
        """What the kernel with this connection used; None if that is not known."""
        return ran.noted(self.folder, connection_file, self.surroundings, self.settings)


@contextlib.contextmanager
def recording(framework: Framework, settings: Settings) -> Iterator[Recording]:
    """Keep notes as long as they are needed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Recording(Path(folder).resolve(), framework, settings)
