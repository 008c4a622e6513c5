"""The table of D2L's names: whole, true of the shim, and what the book shows."""

import importlib
import importlib.util
import pkgutil

import pytest

from d2l_shim import d2l_names
from tests import policy

FRAMEWORKS = list(d2l_names.FRAMEWORKS)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_the_table_says_to_be_here_is_here_and_no_more(framework):
    policy.require_package(framework)
    shim = importlib.import_module(f"d2l_shim.{framework}")
    libraries = d2l_names.libraries(framework)
    names = d2l_names.table().keys() - libraries.keys()
    assert {n for n in names if n in vars(shim)} == names & d2l_names.here(framework)
    assert d2l_names.here(framework) == set(shim.__all__) | libraries.keys()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_group_without_a_reason_is_here_altogether(framework):
    missing = [
        known.name
        for known in d2l_names.table().values()
        if not known.group.why and known.edition_for(framework)
        if known.name not in d2l_names.here(framework)
    ]
    assert missing == []


def test_every_group_has_names_and_those_with_a_reason_leave_some_out():
    names = d2l_names.table().values()
    for group in d2l_names.GROUPS.values():
        members = {known.name for known in names if known.group is group}
        everywhere = set.intersection(*({*d2l_names.here(f)} for f in FRAMEWORKS))
        assert members
        assert bool(members - everywhere) or not group.why


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_each_library_is_where_the_table_says(framework):
    policy.require_package(framework)
    importlib.import_module(f"d2l_shim.{framework}")
    for path in d2l_names.libraries(framework).values():
        if importlib.util.find_spec(path.partition(".")[0]) is not None:
            assert pkgutil.resolve_name(path)


def test_no_name_is_in_the_table_twice():
    lines = (d2l_names.FOLDER / "d2l_names.csv").read_text("utf-8").splitlines()
    assert len(d2l_names.table()) == len(lines) - 1


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_shim_has_four_names_that_d2l_has_not(framework):
    own = d2l_names.here(framework) - d2l_names.table().keys()
    assert own == {"limit_epochs", "record", "run_info", "seed"}


def test_the_tables_of_the_book_are_those_of_today(root):
    path = root / "chapters" / "tables" / "d2l_names.py"
    spec = importlib.util.spec_from_file_location("d2l_names_tables", path)
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    assert tables.OUTPUT.read_text("utf-8") == tables.tables(), (
        "chapters/tables/d2l_names.md eski; python chapters/tables/d2l_names.py "
        "onu yeniler."
    )
