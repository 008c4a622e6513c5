"""Hands the preview's pages to browsers and tells them which have changed.

A page gets its script when it is served; the files of the site stay what they are. The
script listens for server-sent events: with each comes, for every page, the number of
the update that last changed it, so nothing is missed however late a browser listens.
"""

import http.server
import json
import sys
import threading
import time
from functools import partial
from html import escape
from pathlib import Path

from ...messages import _

STATIC = Path(__file__).parent / "static"
SCRIPT = STATIC / "preview.js"
PREFIX = "/_preview/"
SILENCE = 10
"""Seconds after which a listener gets a sign of life."""


class PortTaken(Exception):
    """The preview cannot be served; the message says what to do."""


class Server:
    """Serves the pages in ``site`` to this computer alone; port 0 is any free one.

    ``base`` answers what is not the preview's own, and sets the headers of all answers.
    """

    def __init__(self, site: Path, port: int, base: type):
        self._news = _News()
        kind = type("Handler", (_Preview, base), {"news": self._news})
        handler = partial(kind, directory=str(site))
        try:
            self._server = _Listener(("127.0.0.1", port), handler)
        except OSError as error:
            raise PortTaken(
                _(
                    "port {port} cannot be opened ({reason}). Close the program that "
                    "uses it or try “--port {next}”."
                ).format(port=port, reason=error.strerror, next=port + 1)
            ) from None
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> "Server":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()

    def tell(self, update) -> None:
        """Tell every browser what an update changed and what is wrong."""
        self._news.publish(update.pages, update.problems)


class _Listener(http.server.ThreadingHTTPServer):
    """A thread for each request; a browser may go before it has its answer."""

    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """Say nothing of a browser that has gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _News:
    """What listeners are told: when each page changed last, and what is wrong now.

    Updates are numbered by the clock, so those of a later preview have higher numbers.
    """

    def __init__(self):
        self._pages: dict[str, int] = {}
        self._problems: tuple[str, ...] = ()
        self._arrived = threading.Condition()
        self.number = time.time_ns() // 1000

    def publish(self, pages: tuple[str, ...], problems: tuple[str, ...] | None) -> None:
        with self._arrived:
            self.number = max(self.number + 1, time.time_ns() // 1000)
            self._pages |= dict.fromkeys(pages, self.number)
            self._problems = self._problems if problems is None else problems
            self._arrived.notify_all()

    def after(self, number: int) -> tuple[int, str]:
        """Wait for news later than ``number``; the same number after a silence."""
        with self._arrived:
            self._arrived.wait_for(lambda: self.number > number, SILENCE)
            state = {"pages": self._pages, "problems": self._problems}
            return self.number, json.dumps(state)


class _Preview:
    """Answers for the preview's own addresses, and puts the script into pages."""

    protocol_version = "HTTP/1.1"
    news: _News

    def log_message(self, *args) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()  # type: ignore[misc]  # the mixed-in handler has it

    def do_GET(self) -> None:
        if self.path == f"{PREFIX}events":
            return self._tell()
        if self.path.startswith(PREFIX):
            return self._answer(STATIC / Path(self.path).name)
        path = Path(self.translate_path(self.path.partition("?")[0]))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix == ".html" and path.is_file():
            return self._answer(path, self._head())
        super().do_GET()  # type: ignore[misc]

    def _head(self) -> str:
        return (
            f'<link rel="stylesheet" href="{PREFIX}preview.css">\n'
            f'<script defer src="{PREFIX}preview.js" '
            f'data-update="{self.news.number}" '
            f'data-words="{escape(_.of_script(SCRIPT))}"></script>\n'
        )

    def _answer(self, path: Path, head: str = "") -> None:
        if not path.is_file():
            return self.send_error(404)
        text = path.read_text(encoding="utf-8")
        body = text.replace("</head>", f"{head}</head>", 1).encode()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _tell(self) -> None:
        """Send news until the browser goes."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        seen = 0
        try:
            while True:
                number, state = self.news.after(seen)
                event = f"data: {state}\n\n" if number > seen else ": …\n\n"
                self.wfile.write(event.encode())
                self.wfile.flush()
                seen = number
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
