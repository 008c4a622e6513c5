"""Serves the built site on this computer as a careful host would.

With a strict Content-Security-Policy, which tells the browser to load and run nothing
but the site's own files, with gzip, and with the site's page for what is not there.
"""

import argparse
import gzip
import http.server
import sys
from functools import partial
from pathlib import Path

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # small icons stand in the style sheet
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml", ".ipynb"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """One file of the site for each request, without a line of log."""

    protocol_version = "HTTP/1.1"
    policy = POLICY

    def log_message(self, *args) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Add the headers that every answer has."""
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        super().end_headers()

    def do_GET(self) -> None:
        """Answer with a file, compressed where that helps and the browser can."""
        path = Path(self.translate_path(self.path))
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if path.suffix in COMPRESSED and path.is_file() and accepted:
            self._send(200, gzip.compress(path.read_bytes(), 6), path.name, packed=True)
        else:
            super().do_GET()

    def send_error(self, code, message=None, explain=None) -> None:
        """Answer with the site's own page where a file is missing."""
        page = Path(self.directory, "404.html")
        if code == 404 and page.is_file():
            self._send(404, page.read_bytes(), page.name)
        else:
            super().send_error(code, message, explain)

    def _send(self, code: int, body: bytes, name: str, packed: bool = False) -> None:
        self.send_response(code)
        self.send_header("Content-Type", self.guess_type(name))
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """Answers several requests at a time."""

    def handle_error(self, request, client_address) -> None:
        """Say nothing of a browser that has gone away before its answer came."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int = 0, handler: type = Handler) -> Server:
    """Return a server of ``folder`` for this computer alone; port 0 is any free one."""
    return Server(("127.0.0.1", port), partial(handler, directory=str(folder)))


def main() -> None:
    """Serve until the reader presses Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m book_theme.serve")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    try:
        with server(options.folder, options.port) as running:
            print(f"Kitap: http://127.0.0.1:{options.port}/  (durdurmak için Ctrl-C)")
            running.serve_forever()
    except KeyboardInterrupt:
        print("\nDurduruldu.")
    except OSError as error:
        raise SystemExit(
            f"{options.port} numaralı kapı açılamadı ({error.strerror}). "
            f"Onu kullanan programı kapatın ya da “--port {options.port + 1}” deneyin."
        ) from None


if __name__ == "__main__":
    main()
