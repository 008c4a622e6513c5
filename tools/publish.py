"""Puts a new version of the site beside the earlier ones.

    python tools/publish.py SITE STORE OUTPUT NAME DATE

SITE is the built site. STORE has one archive for each version and their list; it gets
the new one. OUTPUT becomes what is served: the new version at the top, each earlier one
below surum/NAME/, and a page that lists them. Standard library only: it runs where a
token may write to the repository, and nothing else is installed there.
"""

import html
import json
import re
import shutil
import sys
import tarfile
from pathlib import Path

KEPT = 10
"""Versions, the new one included; each is some tens of megabytes."""

LIST = "surumler.json"
FOLDER = "surum"
PAGE = """<!DOCTYPE html>
<html lang="tr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Kitabın sürümleri</title>
</head>
<body>
<main>
<h1>Kitabın sürümleri</h1>
<ul>
{items}
</ul>
</main>
</body>
</html>
"""
ITEM = '<li><a href="{address}">{name}</a>, {date}{note}</li>'


class PublishError(Exception):
    """The site cannot be put together; the message (Turkish) says why."""


def publish(site, store, output, name, date):
    """Add a version to the store and lay out everything that is served."""
    if not (site / "index.html").is_file():
        raise PublishError(f"{site} klasöründe site yok; önce “make book” yazın")
    if not re.fullmatch(r"[\w][\w.-]*", name):
        raise PublishError(f"“{name}” bir sürüm adı olamaz; harf ve rakam kullanın")
    versions = add(site, store, name, date)
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(site, output)
    for version in versions[1:]:
        unpack(store, version["name"], output / FOLDER / version["name"])
    page = output / FOLDER / "index.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(PAGE.format(items="\n".join(items(versions))), encoding="utf-8")


def add(site, store, name, date):
    """Pack a version into the store; return the list of all, the newest first."""
    store.mkdir(parents=True, exist_ok=True)
    path = store / LIST
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    others = [version for version in known if version["name"] != name]
    versions = [{"name": name, "date": date}, *others]
    with tarfile.open(archive(store, name), "w:gz") as packed:
        packed.add(site, arcname=".")
    for version in versions[KEPT:]:
        archive(store, version["name"]).unlink(missing_ok=True)
    text = json.dumps(versions[:KEPT], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    return versions[:KEPT]


def archive(store, name):
    """The file of a version."""
    return store / f"{name}.tar.gz"


def unpack(store, name, folder):
    """Lay out a version; nothing of it can land outside its folder."""
    with tarfile.open(archive(store, name)) as packed:
        packed.extractall(folder, filter="data")


def items(versions):
    """The lines of the list."""
    for version in versions:
        newest = version is versions[0]
        yield ITEM.format(
            address="../" if newest else f"{version['name']}/",
            name=html.escape(version["name"]),
            date=html.escape(version["date"]),
            note=" (güncel)" if newest else "",
        )


if __name__ == "__main__":
    *folders, name, date = sys.argv[1:]
    try:
        publish(*map(Path, folders), name, date)
    except PublishError as error:
        sys.exit(f"Yayıma hazırlanamadı: {error}.")
