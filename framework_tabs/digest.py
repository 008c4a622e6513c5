"""SHA-256 in hexadecimal: how the engine tells content apart."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path


def of(content: str | bytes) -> str:
    """The digest of a text or of bytes."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def of_json(content: object) -> str:
    """The digest of what JSON can hold, whatever the order of its keys."""
    return of(json.dumps(content, sort_keys=True, ensure_ascii=False))


def of_file(path: Path) -> str:
    """The digest of a file's content, however large."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_named(digests: Iterable[tuple[str, str]]) -> str:
    """The digest of several, each with the name of what it belongs to."""
    return of("".join(f"{name}\0{digest}\n" for name, digest in digests))


def chain(parts: Iterable[str]) -> Iterator[str]:
    """Yield for each of the parts the digest of all up to it."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        yield digest.hexdigest()
