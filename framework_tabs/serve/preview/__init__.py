"""The live preview: an author saves a chapter, the open page shows it a moment later.

``pages`` keeps one Sphinx application and reads again only what changed; ``server``
hands the pages to browsers and tells them what is new. The preview has a folder of its
own, so the site that is published is never one half of which is newer than the rest.
It runs no cell: an output that its code has outgrown is shown and marked as such.
"""

import time

from babel.numbers import format_decimal

from ...config import Settings
from ...messages import _, locale
from .server import PortTaken, Server

__all__ = ["PortTaken", "serve"]

FOLDER = "_build/preview"
PAUSE = 0.1
"""Seconds between two looks at the files."""


def serve(settings: Settings, port: int) -> None:
    """Build what is needed, then serve and watch until the author presses Ctrl-C."""
    from .pages import Pages  # with it comes Sphinx, which no other command needs

    with Pages(settings.root, settings.root / FOLDER) as pages:
        print(_("Preparing the preview…"), flush=True)
        first = list(pages.update())
        with Server(pages.site, port, pages.handler) as server:
            told = _("Preview: {address}\nCtrl-C stops it.")
            print(told.format(address=server.address), flush=True)
            _watch(pages, server, first)


def _watch(pages, server: Server, first: list) -> None:
    for update in first:
        _tell(update, server)
    while True:
        time.sleep(PAUSE)
        if pages.have_changed():
            for update in pages.update():
                _tell(update, server)


def _tell(update, server: Server) -> None:
    """Say in the browsers and on the terminal what an update brought."""
    server.tell(update)
    for problem in update.problems or ():
        print(problem, flush=True)
    if update.pages:
        few = len(update.pages) < 4
        many = _("{count} pages").format(count=len(update.pages))
        told = _("Renewed ({seconds} s): {pages}").format(
            seconds=format_decimal(update.seconds, "0.0", locale=locale()),
            pages=", ".join(update.pages) if few else many,
        )
        print(told, flush=True)
