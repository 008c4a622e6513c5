"""The built site with a Jupyter server behind it: cells that run on the page.

Pages and kernels come from one address on this computer, and only who has the address
with its token may use them. The site's files stay what they are: a page gets its
script, ``live.js``, when it is served. Kernels are Jupyter's own; nothing that a reader
runs changes the book.
"""

import os
from collections.abc import Callable
from html import escape
from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from tornado import web

from ...config import Settings
from ...messages import _
from ...source import chapter as chapters
from ...source.cell import ChapterError
from ...store.fingerprint import kernel_environment

HERE = Path(__file__).parent
SCRIPTS = "book-live"


class Page(JupyterHandler, web.StaticFileHandler):
    """A file of the site; an HTML page with the script that makes it live."""

    def initialize(self, path: str, head: Callable[[str], str] | None = None) -> None:
        """Note the folder and what a page's head gets, by its address."""
        web.StaticFileHandler.initialize(self, path, default_filename="index.html")
        self._head = head

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        """Answer with the file; the token for later requests becomes a cookie."""
        file = Path(self.root, path)
        if self._head is None or file.suffix != ".html" or not file.is_file():
            await web.StaticFileHandler.get(self, path, include_body)
            return
        self.xsrf_token  # noqa: B018  reading it sets the cookie that live.js sends back
        text = file.read_text(encoding="utf-8")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(text.replace("</head>", self._head(path) + "</head>", 1))

    def compute_etag(self) -> None:
        """Name no version of a page: the site may be built anew meanwhile."""


class LiveServer(ServerApp):
    """A Jupyter server that shows the book besides its own addresses."""

    name = "framework-tabs-live"
    site = Path()
    settings: Settings

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
        pages = {"path": str(self.site), "head": self.head}
        self.web_app.add_handlers(
            ".*$",
            [
                (f"{base}{_pages()}/(.*)", Page, pages),
                (f"{base}{SCRIPTS}/(.*)", Page, {"path": str(HERE / "static")}),
            ],
        )

    def head(self, address: str) -> str:
        """Return what makes the page at an address of the site live.

        Its kernels run where its source lies.
        """
        source = f"{address.removesuffix('.html')}.md"
        kernels = " ".join(f"{k}={name}" for k, name in self.kernels_of(source).items())
        words = escape(_.of_script(HERE / "static" / "live.js"))
        base = self.base_url
        return (
            f'<link rel="stylesheet" href="{base}{SCRIPTS}/live.css">\n'
            f'<script defer src="{base}{SCRIPTS}/live.js" data-base="{base}" '
            f'data-source="{escape(source)}" data-kernels="{escape(kernels)}" '
            f'data-words="{words}"></script>\n'
        )

    def kernels_of(self, source: str) -> dict[str, str]:
        """Return the kernels of a page by framework; it may ask for its own."""
        try:
            chapter = chapters.read(self.settings.root / source, self.settings)
            runners = self.settings.runners_of(chapter)
        except ChapterError:  # no page of Markdown, or changed since the site was built
            runners = self.settings.runners
        return {key: runner.kernel for key, runner in runners.items()}


def _pages() -> str:
    """Return where the pages are: a part of the address that a reader sees."""
    return _("book")


def serve(site: Path, settings: Settings, port: int, **options) -> None:
    """Serve the site until the reader presses Ctrl-C.

    Kernels run where the pages are, with the variables that reference runs get.
    ``options`` are those of a Jupyter server.
    """
    os.environ.update(kernel_environment(settings))
    LiveServer.site = Path(site).resolve()
    LiveServer.settings = settings
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
