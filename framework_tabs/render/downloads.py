"""Offers the notebooks of a chapter: to download and, from a repository, to run online.

The notebooks are copied into the site; the theme's button lists them in place of the
page's own source and of the merged page, which can not be run. Where a theme has no
such button they are listed below the page.
"""

import shutil
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx

from ..config import Settings
from ..merge.page_facts import recall, settings_of
from ..messages import _
from ..templating import fill
from .assets import SITES

FOLDER = "_downloads/notebooks"
GITHUB = "https://github.com/"
ONLINE = {
    "Colab": "https://colab.research.google.com/github/{name}/blob/{branch}/{path}",
    "Binder": "https://mybinder.org/v2/gh/{name}/{branch}?labpath={path}",
}
PRINT = {
    "type": "javascript",
    "javascript": "window.print()",
    "icon": "fas fa-file-pdf",
    "label": "download-pdf-button",
}


def offer(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Put the chapter's notebooks on the page's download button, or below the page."""
    known = recall(app.env, pagename)
    paths, labels = known.get("notebooks", {}), known.get("labels", {})
    if not paths or app.builder.name not in SITES:
        return
    settings = settings_of(app)
    links = [
        {
            "type": "link",
            "url": context["pathto"](quote(_place(path, settings)), 1),
            "text": _("Download the {label} notebook (.ipynb)").format(
                label=labels[key]
            ),
            "icon": "fas fa-download",
            "label": f"download-{key}-button",
        }
        for key, path in paths.items()
        if Path(path).is_file()
    ]
    links += _online(paths, labels, settings)
    buttons = context.get("header_buttons", [])
    own = [group for group in buttons if group.get("label") == "download-buttons"]
    for group in own:
        group["tooltip"] = _("Download this chapter")
        group["buttons"] = [*links, PRINT | {"text": _("Print this page (.pdf)")}]
    if not own:
        context["body"] += fill("downloads.html", links=links)


def _online(paths: dict, labels: dict, settings: Settings) -> list[dict]:
    """Return links that open the notebooks in a browser; none without a repository."""
    if not settings.repository.startswith(GITHUB):
        return []
    name = settings.repository.removeprefix(GITHUB).removesuffix(".git")
    return [
        {
            "type": "link",
            "url": address.format(
                name=name, branch=settings.branch, path=quote(settings.relative(path))
            ),
            "text": _("Open the {label} notebook in {place}").format(
                label=labels[key], place=place
            ),
            "icon": "fas fa-play",
            "label": f"open-{place.lower()}-{key}-button",
        }
        for place, address in ONLINE.items()
        for key, path in paths.items()
    ]


def copy(app: Sphinx, exception: Exception | None) -> None:
    """Copy the notebooks of all chapters into a site that was built."""
    if exception or not getattr(app.builder, "download_support", False):
        return
    for place, path in places(app).items():
        target = Path(app.outdir, place)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def places(app: Sphinx) -> dict[str, Path]:
    """Return the notebooks of all chapters by where in the site they lie."""
    settings = settings_of(app)
    return {
        _place(path, settings): Path(path)
        for docname in sorted(app.env.found_docs)
        for path in recall(app.env, docname).get("notebooks", {}).values()
        if Path(path).is_file()
    }


def _place(path: str, settings: Settings) -> str:
    """Return where in the site a notebook lies."""
    return f"{FOLDER}/{Path(path).relative_to(settings.notebooks).as_posix()}"
