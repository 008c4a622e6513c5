"""Puts files in place at one stroke: whole, or as they were before."""

import glob
import os
from pathlib import Path
from uuid import uuid4


def write(path: Path, text: str) -> bool:
    """Put ``text`` into ``path`` at one stroke; False if it was there already.

    A full disk or an interruption leaves the earlier file as it was.
    """
    return bool(write_all({path: text}))


def write_all(texts: dict[Path, str]) -> list[Path]:
    """Put each text into its file; the paths that changed.

    None is touched before all texts are on the disk.
    """
    changed = {path: text for path, text in texts.items() if not _holds(path, text)}
    staged = {
        path: path.with_name(f".{path.name}.{uuid4().hex}.tmp") for path in changed
    }
    try:
        for path, temporary in staged.items():
            _write_out(temporary, changed[path])
        for path, temporary in staged.items():
            os.replace(temporary, path)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return list(changed)


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()


def _write_out(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def drop_leftovers(path: Path) -> None:
    """Delete what a ``write`` to ``path`` left that was killed on its way."""
    for temporary in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        temporary.unlink(missing_ok=True)
