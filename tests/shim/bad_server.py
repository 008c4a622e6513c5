"""A web server on this machine that answers badly, in whatever way a test wants.

An answer is a function of the handler of one request. It writes what it likes to the
connection, which is closed when it returns.
"""

import contextlib
import http.server
import socket
import struct
import sys
import threading

PAUSE = 0.05  # seconds between the bytes of a server that drips


class BadServer(http.server.ThreadingHTTPServer):
    """Serves what `answer` was told, until it is closed; knows what was asked for."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = {}
        self.requests = []
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()

    def answer(self, path, answer):
        """Answer `path` so from now on; return the full address."""
        self.answers[path] = answer
        return f"http://127.0.0.1:{self.server_port}/{path}"

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # the client may leave
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.removeprefix("/")
        self.server.requests.append(path)
        self.server.answers[path](self)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def bad_server():
    server = BadServer()
    try:
        yield server
    finally:
        server.close()


def ok(body, length=None, **headers):
    """Return a whole answer as bytes; `length` is the one it claims to have."""
    fields = {"Content-Length": len(body) if length is None else length}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


def send(raw):
    """Answer with these bytes, whether or not they are HTTP."""
    return lambda handler: handler.wfile.write(raw)


def status(code):
    return lambda handler: handler.send_error(code)


def redirect(location):
    head = f"HTTP/1.0 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    return send(head.encode())


def stall(raw=b""):
    """Answer with these bytes and then with silence."""

    def answer(handler):
        handler.wfile.write(raw)
        handler.server.closing.wait()

    return answer


def drip(raw, drop=b"x"):
    """Answer with these bytes and then for ever with one drop after another."""

    def answer(handler):
        handler.wfile.write(raw)
        while not handler.server.closing.wait(PAUSE):
            handler.wfile.write(drop)

    return answer


def pour(raw, gush=bytes(1 << 16)):
    """Answer with these bytes and then with more and more, as fast as it goes."""

    def answer(handler):
        handler.wfile.write(raw)
        while not handler.server.closing.is_set():
            handler.wfile.write(gush)

    return answer


def reset(raw=b""):
    """Answer with these bytes and then break the connection off."""

    def answer(handler):
        handler.wfile.write(raw)
        at_once = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        handler.rfile.close()
        handler.connection.close()

    return answer
