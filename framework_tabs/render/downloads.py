"""Offers the notebooks of a chapter: to download and, from a repository, to run online.

The notebooks are copied into the site; the theme's button lists them in place of the
page's own source and of the merged page, which can not be run.
"""

import shutil
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx

from ..config import Settings
from ..merge.page_facts import recall, settings_of
from ..messages import _

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
    """Put the chapter's notebooks on the page's download button."""
    paths = recall(app.env, pagename).get("notebooks", {})
    settings = settings_of(app)
    runners = settings.runners
    links = [
        {
            "type": "link",
            "url": context["pathto"](_place(key, path), 1),
            "text": _("Download the {label} notebook (.ipynb)").format(
                label=runners[key].label
            ),
            "icon": "fas fa-download",
            "label": f"download-{key}-button",
        }
        for key, path in paths.items()
        if Path(path).is_file()
    ]
    links += _online(paths, settings)
    for group in context.get("header_buttons", []):
        if paths and group.get("label") == "download-buttons":
            group["tooltip"] = _("Download this chapter")
            group["buttons"] = [*links, PRINT | {"text": _("Print this page (.pdf)")}]


def _online(paths: dict[str, str], settings: Settings) -> list[dict]:
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
                label=settings.runners[key].label, place=place
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
    return {
        _place(key, path): Path(path)
        for docname in sorted(app.env.found_docs)
        for key, path in recall(app.env, docname).get("notebooks", {}).items()
        if Path(path).is_file()
    }


def _place(key: str, path: str) -> str:
    """Return where in the site the notebook of a framework lies."""
    return f"{FOLDER}/{key}/{Path(path).name}"
