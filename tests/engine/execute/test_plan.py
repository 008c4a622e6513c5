"""The plan: what each notebook takes and needs, and whether it is fresh."""

import json

import pytest
import yaml
from tiny_book import TWO, cell, write_book

from framework_tabs.__main__ import main
from framework_tabs.execute import cluster
from framework_tabs.execute.shards import UNKNOWN_MEMORY


@pytest.fixture
def book(tmp_path):
    """A chapter of two frameworks, of which one was executed."""
    book = write_book(tmp_path, cell("1", "a"), cell("2", "b"), frameworks=TWO)
    book.split()
    assert main(["execute", "--framework", "a", "--root", str(book.root)]) == 0
    return book


def configure(book, **settings):
    """Add to the engine's settings."""
    path = book.root / "_config.yml"
    config = yaml.safe_load(path.read_text())
    config["sphinx"]["config"]["framework_tabs"] |= settings
    path.write_text(yaml.safe_dump(config, sort_keys=False))


def planned(book, capsys, *options):
    """The plan by framework, as a scheduler reads it."""
    capsys.readouterr()
    assert main(["plan", "--json", "--root", str(book.root), *options]) == 0
    entries = json.loads(capsys.readouterr().out)["notebooks"]
    return {each["framework"]: each for each in entries}


def test_a_notebook_that_ran_is_fresh_and_says_what_it_took(book, capsys):
    found = planned(book, capsys)
    ran, never = found["a"], found["b"]
    run = book.notebook("a").metadata["framework_tabs"]["run"]
    assert ran["fresh"] and not never["fresh"]
    assert (ran["seconds"], ran["memory"]) == (run["seconds"], run["peak_memory"])
    assert (never["seconds"], never["memory"]) == (None, None)
    assert ran["path"] == "notebooks/a/x.ipynb"
    assert ran["source"] == "chapters/x.md"


def test_changed_code_data_or_version_makes_it_stale_and_prose_does_not(
    book, capsys, monkeypatch
):
    book.write("Söz.", cell("1", "a"), cell("2", "b"))
    assert planned(book, capsys)["a"]["fresh"]
    configure(book, environment=["BUDGET"])
    monkeypatch.setenv("BUDGET", "full")
    assert not planned(book, capsys)["a"]["fresh"]


def test_where_a_framework_is_not_installed_nothing_is_called_fresh(book, capsys):
    configure(book, frameworks={"a": TWO["a"] | {"kernel": "yok"}, "b": TWO["b"]})
    assert not planned(book, capsys)["a"]["fresh"]
    configure(book, frameworks={"a": TWO["a"] | {"packages": ["yok"]}, "b": TWO["b"]})
    assert not planned(book, capsys)["a"]["fresh"]


def test_what_is_asked_for_leaves_room_for_a_longer_and_larger_run(book, capsys):
    found = planned(book, capsys)
    asked, blind = found["a"]["resources"], found["b"]["resources"]
    assert asked["mem_mb"] > found["a"]["memory"] / 10**6
    assert 60 * asked["runtime"] > found["a"]["seconds"]
    assert asked["cores"] == 1
    # What never ran gets no limit of time, and the memory of the largest that did.
    assert blind["runtime"] is None
    assert blind["mem_mb"] == pytest.approx(found["a"]["memory"] / 10**6, abs=1)
    assert (asked["gpu"], asked["constraint"]) == (None, None)


def test_without_any_run_much_memory_is_asked_for(tmp_path, capsys):
    book = write_book(tmp_path, cell("1"))
    (entry,) = planned(book, capsys).values()
    assert entry["resources"]["mem_mb"] == pytest.approx(UNKNOWN_MEMORY / 10**6, abs=1)


def test_a_chapter_s_needs_count_before_its_framework_s(book, capsys):
    needs = {"gpu": 1, "architecture": "hopper", "memory": 2.5}
    configure(
        book,
        frameworks={"a": TWO["a"] | {"needs": needs}, "b": TWO["b"]},
        needs={"x": {"gpu": 4, "cores": 8}},
    )
    found = planned(book, capsys)
    assert found["a"]["needs"] == needs | {"gpu": 4, "cores": 8}
    assert found["b"]["needs"] == {"gpu": 4, "cores": 8}
    asked = found["a"]["resources"]
    assert (asked["gpu"], asked["constraint"], asked["mem_mb"]) == (4, "hopper", 2500)


def test_a_chapter_may_need_less_than_its_framework(book, capsys):
    configure(book, frameworks={"a": TWO["a"] | {"needs": {"gpu": 1}}, "b": TWO["b"]})
    configure(book, needs={"x": {"gpu": 0}})
    assert planned(book, capsys)["a"]["resources"]["gpu"] is None


def test_needs_of_a_chapter_that_there_is_not_are_refused(book, capsys):
    configure(book, needs={"y": {"gpu": 1}})
    assert main(["plan", "--root", str(book.root)]) == 1
    assert "needs.y" in capsys.readouterr().err


def test_the_plan_is_shown_to_people_too(book, capsys):
    configure(book, needs={"x": {"gpu": 1}})
    capsys.readouterr()
    assert main(["plan", "--root", str(book.root)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("notebooks/a/x.ipynb: güncel; ")
    assert first.endswith(" GB; gpu: 1")
    assert second == "notebooks/b/x.ipynb: çalıştırılacak; gpu: 1"


def test_without_snakemake_the_message_says_how_to_get_it(book, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["cluster", "--root", str(book.root)]) == 1
    assert "framework-tabs[cluster]" in capsys.readouterr().err
    assert not (book.root / cluster.FOLDER).exists()


def test_with_nothing_to_run_snakemake_is_not_called(book, monkeypatch, capsys):
    assert main(["execute", "--root", str(book.root)]) == 0
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["cluster", "--executor", "slurm", "--root", str(book.root)]) == 0
    assert "Bütün defterler bitti" in capsys.readouterr().out
