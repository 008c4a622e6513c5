"""The live preview: an author saves a chapter, the open page shows it a moment later.

``pages`` keeps one Sphinx application and reads again only what changed; ``server``
hands the pages to browsers and tells them what is new. The preview has a folder of its
own, so the site that is published is never one half of which is newer than the rest.
It runs no cell: an output that its code has outgrown is shown and marked as such.
"""

import time

from ..config import Settings
from .server import PortTaken, Server

__all__ = ["PortTaken", "serve"]

FOLDER = "_build/preview"
PAUSE = 0.1
"""Seconds between two looks at the files."""


def serve(settings: Settings, port: int) -> None:
    """Build what is needed, then serve and watch until the author presses Ctrl-C."""
    from .pages import Pages  # with it comes Sphinx, which no other command needs

    pages = Pages(settings.root, settings.root / FOLDER)
    print("Önizleme hazırlanıyor…", flush=True)
    first = pages.update()
    with Server(pages.site, port, pages.has_policy) as server:
        print(f"Önizleme: {server.address}\nDurdurmak için Ctrl-C.", flush=True)
        _report(first)
        server.tell(first)
        while True:
            time.sleep(PAUSE)
            if pages.have_changed():
                update = pages.update()
                _report(update)
                server.tell(update)


def _report(update) -> None:
    """Say on the terminal what the browser shows, too."""
    for problem in update.problems:
        print(problem, flush=True)
    names = ", ".join(update.pages) if len(update.pages) < 4 else "bütün sayfalar"
    if update.pages:
        seconds = f"{update.seconds:.1f}".replace(".", ",")
        print(f"Yenilendi ({seconds} sn): {names}", flush=True)
