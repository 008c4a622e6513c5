"""Makes the book as one file, a PDF or an EPUB, of all frameworks or of some.

Sphinx works in a folder of its own in ``_build/editions``. Only a finished file is
moved from there to where a reader finds it; whatever goes wrong before, the file of
last time stays.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock

from ..config import Settings, is_plain_sphinx
from ..messages import _

BUILDERS = {"pdf": "paper", "epub": "epub"}
"""By the ending of the file: what Sphinx calls its builder."""


class EditionError(Exception):
    """The book could not be made; the message says what to do."""


def make(settings: Settings, kind: str, keys: Iterable[str] = ()) -> Path:
    """Make a book, ``kind`` is pdf or epub, of the frameworks ``keys``, or of all.

    Returns the path of the file.
    """
    # With it comes Sphinx, which no other command needs.
    from . import typesetting

    try:
        typesetting.check()
    except typesetting.PangoMissing as error:
        raise EditionError(str(error)) from error
    work = settings.root / "_build" / "editions" / kind
    work.mkdir(parents=True, exist_ok=True)
    with FileLock(work / "lock"):
        finished = _build(settings, kind, list(keys), work)
        target = settings.root / "_build" / kind / finished.name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(finished, target)
    return target


def _build(settings: Settings, kind: str, keys: list[str], work: Path) -> Path:
    """Let Sphinx write the file into ``work``.

    Pages that were read remain for the next edition; not if anything went wrong, since
    Sphinx would not repeat its warnings.
    """
    output, pages = work / "book", work / "doctrees"
    shutil.rmtree(output, ignore_errors=True)
    result = None
    try:
        result = _run_sphinx(settings, kind, keys, output, pages)
    finally:
        if result != 0:
            shutil.rmtree(pages, ignore_errors=True)
    if isinstance(result, KeyboardInterrupt):
        raise result
    if result != 0:
        raise EditionError(
            _(
                "The {kind} was not made. Remove the causes of the warnings above and "
                "repeat the command; an earlier file stays as it is."
            ).format(kind=kind.upper())
        )
    return next(output.glob(f"*.{kind}"))


def _run_sphinx(settings: Settings, kind: str, keys: list[str], output, pages):
    """Return 0, or another number or an exception that Sphinx has reported already."""
    if is_plain_sphinx(settings.root):
        from sphinx.cmd.build import build_main

        chosen = ["-D", f"framework_tabs_shown={','.join(keys)}"] if keys else []
        options = ["-b", BUILDERS[kind], "-d", pages, "-a", "-W", "--keep-going"]
        return build_main(list(map(str, [*options, *chosen, settings.root, output])))
    from .._compat import build_sphinx

    return build_sphinx(
        settings.root,
        output,
        noconfig=True,
        path_config=settings.root / "_config.yml",
        confoverrides={
            "external_toc_path": str(settings.root / "_toc.yml"),
            "latex_individualpages": False,
            "framework_tabs_shown": keys,
        },
        doctreedir=pages,
        builder=BUILDERS[kind],
        force_all=True,
        warningiserror=True,
        keep_going=True,
    )
