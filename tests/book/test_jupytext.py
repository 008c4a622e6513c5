"""Chapters as notebooks in JupyterLab: saving one changes nothing that it says."""

import re
import shutil

import pytest
import yaml
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupytext.sync_contentsmanager import (
    build_sync_jupytext_contents_manager_class as build,
)

from framework_tabs import config
from framework_tabs.source import chapter as chapters

OPTIONS = re.compile(r"^---$.*?^---$", re.S | re.M)
"""The front matter and the options of a cell, which jupytext may wrap anew."""


@pytest.fixture(scope="module")
def lab(root, tmp_path_factory):
    """JupyterLab's view of a copy of the book, with jupytext as the book sets it."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("pyproject.toml", "_config.yml"):
        shutil.copy(root / name, folder)
    for name in ("chapters", "d2l_shim"):
        shutil.copytree(root / name, folder / name)
    manager = build(LargeFileManager)()
    manager.root_dir = str(folder)
    return manager


@pytest.fixture(scope="module")
def names(root):
    """The chapters that are notebooks."""
    return [each.path.name for each in chapters.read_all(config.load(root))]


def saved(lab, name):
    """What a chapter is after it was opened as a notebook and saved."""
    path = f"chapters/{name}"
    lab.save(lab.get(path, type="notebook", content=True), path)
    return lab.get(path, type="file", content=True)["content"]


def cells(root, text, name):
    """What the engine reads in a chapter, whatever its lines are."""
    path = root / "chapters" / f".{name}"
    path.write_text(text, encoding="utf-8")
    try:
        found = chapters.read(path, config.load(root)).cells
    finally:
        path.unlink()
    return [(cell.kind, cell.source, cell.metadata, cell.framework) for cell in found]


def front_matter(text):
    """The fields at the beginning of a page."""
    return yaml.safe_load(text.split("\n---\n")[0])


def test_saving_a_chapter_in_jupyterlab_keeps_text_cells_tags_and_fields(
    root, tmp_path, lab, names
):
    shutil.copy(root / "_config.yml", tmp_path)
    for name in ("chapters", "d2l_shim"):
        shutil.copytree(root / name, tmp_path / name)
    assert len(names) > 5
    for name in names:
        before = (root / "chapters" / name).read_text(encoding="utf-8")
        after = saved(lab, name)
        assert front_matter(after) == front_matter(before), name
        assert cells(tmp_path, after, name) == cells(tmp_path, before, name), name
        # Directives, tabs, comments and empty lines, too: all but the wrapping of YAML.
        assert OPTIONS.sub("", after) == OPTIONS.sub("", before), name


def test_saving_twice_is_saving_once(lab, names):
    assert saved(lab, names[0]) == saved(lab, names[0])
