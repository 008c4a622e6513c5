"""The built site with a Jupyter server behind it: cells that run on the page.

Pages and kernels come from one address on this computer, and only who has the address
with its token may use them. The site's files stay what they are: a page gets its
script, ``live.js``, when it is served. Kernels are Jupyter's own; nothing that a reader
runs changes the book.
"""

import os
from html import escape
from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from tornado import web

from ...config import Settings
from ...messages import _
from ...store.fingerprint import kernel_environment

HERE = Path(__file__).parent
SCRIPTS = "book-live"


class Page(JupyterHandler, web.StaticFileHandler):
    """A file of the site; an HTML page with the script that makes it live."""

    def initialize(self, path: str, head: str = "") -> None:
        """Note the folder and what goes into the head of a page."""
        web.StaticFileHandler.initialize(self, path, default_filename="index.html")
        self._head = head

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        """Answer with the file; the token for later requests becomes a cookie."""
        file = Path(self.root, path)
        if not self._head or file.suffix != ".html" or not file.is_file():
            await web.StaticFileHandler.get(self, path, include_body)
            return
        self.xsrf_token  # noqa: B018  reading it sets the cookie that live.js sends back
        text = file.read_text(encoding="utf-8")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(text.replace("</head>", self._head + "</head>", 1))

    def compute_etag(self) -> None:
        """Name no version of a page: the site may be built anew meanwhile."""


class LiveServer(ServerApp):
    """A Jupyter server that shows the book besides its own addresses."""

    name = "framework-tabs-live"
    site = Path()
    notebooks = ""
    kernel_of: dict[str, str] = {}

    def initialize(self, argv=None, **_) -> None:
        """Prepare the server, without JupyterLab and other extensions."""
        super().initialize(argv, find_extensions=False)

    def start_app(self) -> None:
        """Say where the book is; the address with the token opens it."""
        token = self.identity_provider.token
        page = f"{self.connection_url}{_pages()}/index.html?token={token}"
        told = _("Live book: {address}\nCtrl-C stops it.").format(address=page)
        print(told, flush=True)
        self.identity_provider.token_generated = False  # or Jupyter says it as well
        super().start_app()

    def init_webapp(self) -> None:
        """Add the site and the script to what the server answers."""
        super().init_webapp()
        base = self.base_url
        kernels = " ".join(f"{key}={name}" for key, name in self.kernel_of.items())
        words = escape(_.of_script(HERE / "static" / "live.js"))
        head = (
            f'<link rel="stylesheet" href="{base}{SCRIPTS}/live.css">\n'
            f'<script defer src="{base}{SCRIPTS}/live.js" data-base="{base}" '
            f'data-notebooks="{self.notebooks}" data-kernels="{kernels}" '
            f'data-words="{words}"></script>\n'
        )
        pages = {"path": str(self.site), "head": head}
        self.web_app.add_handlers(
            ".*$",
            [
                (f"{base}{_pages()}/(.*)", Page, pages),
                (f"{base}{SCRIPTS}/(.*)", Page, {"path": str(HERE / "static")}),
            ],
        )


def _pages() -> str:
    """Return where the pages are: a part of the address that a reader sees."""
    return _("book")


def serve(site: Path, settings: Settings, port: int, **options) -> None:
    """Serve the site until the reader presses Ctrl-C.

    Kernels run where the notebooks are, with the variables that reference runs get.
    ``options`` are those of a Jupyter server.
    """
    os.environ.update(kernel_environment(settings))
    LiveServer.site = Path(site).resolve()
    LiveServer.notebooks = settings.relative(settings.notebooks)
    LiveServer.kernel_of = {k: f.kernel for k, f in settings.runners.items()}
    LiveServer.launch_instance(
        argv=[],
        ip="127.0.0.1",
        port=port,
        root_dir=str(settings.root),
        default_url=f"/{_pages()}/index.html",
        log_level="WARN",
        answer_yes=True,  # to its question whether Ctrl-C is meant
        allow_root=True,  # as in a container; only this computer can reach it
        **options,
    )
