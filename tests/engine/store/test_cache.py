"""The cache: a result comes back for exactly what it was made with, or not at all."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import v4

from framework_tabs.store.cache import Cache
from framework_tabs.store.fingerprint import Basis, Variable

BASIS = Basis(
    kernel="python3",
    packages={"torch": "2.13.0", "numpy": "1.26.4"},
    python="3.11.9",
    depends_on="lib",
    environment={"DATA": Variable("veri", "d1"), "BUDGET": Variable("cpu", "cpu")},
)
KERNEL = {"name": "python3", "display_name": "Python 3"}
TEXT = st.text(max_size=8)
VARIABLE = st.builds(Variable, TEXT, TEXT)
BASES = st.builds(
    Basis,
    kernel=TEXT,
    packages=st.dictionaries(TEXT, TEXT, max_size=3),
    python=TEXT,
    depends_on=TEXT,
    environment=st.dictionaries(TEXT, VARIABLE, max_size=3),
)

PAIRS = BASES.flatmap(
    lambda ours: st.tuples(
        st.just(ours),
        st.one_of(
            st.just(ours),
            st.sampled_from(sorted(vars(ours))).flatmap(
                lambda fact: BASES.map(
                    lambda other: replace(ours, **{fact: getattr(other, fact)})
                )
            ),
        ),
    )
)
"""Two bases that differ in one fact, or in none."""


def notebook(*sources, printed="", **metadata):
    """A notebook whose last cell printed something."""
    nb = v4.new_notebook(metadata={"kernelspec": KERNEL})
    nb.cells = [v4.new_code_cell(source, metadata=metadata) for source in sources]
    if printed:
        output = v4.new_output("stream", name="stdout", text=printed)
        nb.cells[-1].outputs, nb.cells[-1].execution_count = [output], 7
    return nb


def stored(folder, basis=BASIS, code="kod"):
    """A cache that holds one result."""
    cache = Cache(folder)
    cache.store(notebook("print(1)", printed="1\n"), basis.key(code), {"seconds": 3})
    return cache


def found(cache, basis=BASIS, code="kod", **metadata):
    """The record that the cache has for this code on this basis, if any."""
    return cache.restore(notebook("print(1)", **metadata), basis.key(code))


def test_outputs_and_the_record_of_the_run_come_back(tmp_path):
    cache, empty = stored(tmp_path), notebook("print(1)")
    assert cache.restore(empty, BASIS.key("kod")) == {"seconds": 3}
    (cell,) = empty.cells
    assert (cell.outputs[0].text, cell.execution_count) == ("1\n", 7)


CHANGES = {
    "kernel": "python4",
    "packages": {"torch": "2.13.1", "numpy": "1.26.4"},
    "python": "3.11.10",
    "depends_on": "another shim",
    "environment": {**BASIS.environment, "DATA": Variable("veri", "d2")},
}


def test_every_fact_of_the_basis_is_tried():
    assert set(CHANGES) == set(vars(BASIS))


@pytest.mark.parametrize("fact", CHANGES)
def test_a_result_made_with_another_fact_is_not_served(tmp_path, fact):
    cache = stored(tmp_path)
    assert found(cache, replace(BASIS, **{fact: CHANGES[fact]})) is None


def test_a_result_of_other_code_or_tags_is_not_served(tmp_path):
    cache = stored(tmp_path)
    assert found(cache, code="başka") is None
    assert cache.restore(notebook("print(2)"), BASIS.key("kod")) is None
    assert found(cache, tags=["skip-execution"]) is None
    assert found(cache, tags=["raises-exception"]) is None


def test_how_a_cell_looks_is_no_part_of_its_result(tmp_path):
    look = {"tags": ["remove-input"], "mystnb": {"figure": {"caption": "A"}}}
    assert found(stored(tmp_path), **look)


def counts(basis):
    """What outputs depend on: of a variable its digest, not how it is shown."""
    shown = {name: each.digest for name, each in basis.environment.items()}
    return {**vars(basis), "environment": shown}


@settings(deadline=None)
@given(PAIRS, TEXT, TEXT)
def test_two_runs_share_a_result_if_and_only_if_all_facts_agree(
    tmp_path_factory, pair, code, other
):
    ours, theirs = pair
    cache = stored(tmp_path_factory.mktemp("önbellek"), ours, code)
    agree = (counts(ours), code) == (counts(theirs), other)
    assert (found(cache, theirs, other) is not None) == agree
    assert found(cache, ours, code) is not None


@settings(deadline=None)
@given(st.data())
def test_a_damaged_entry_is_no_result(tmp_path_factory, data):
    """Whichever byte is lost or changed: all of it comes back, or nothing."""
    cache = stored(tmp_path_factory.mktemp("önbellek"))
    (path,) = cache.folder.rglob("*.json")
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.sampled_from([b"", b"x", b"0"]))
    path.write_bytes(content[:place] + byte + content[place + 1 :])
    target = notebook("print(1)")
    if cache.restore(target, BASIS.key("kod")) is None:
        assert target == notebook("print(1)") | {"cells": target.cells}
        assert target.cells[0].outputs == []
    else:
        assert json.loads(path.read_bytes()) == json.loads(content)


def test_an_entry_under_another_s_name_is_no_result(tmp_path):
    cache = stored(tmp_path)
    (mine,) = cache.folder.rglob("*.json")
    cache.store(notebook("print(1)", printed="2\n"), BASIS.key("başka"), {})
    (other,) = set(cache.folder.rglob("*.json")) - {mine}
    shutil.copy(other, mine)
    assert found(cache) is None
    assert found(cache, code="başka") == {}


def test_writers_and_readers_at_the_same_time_see_whole_entries(tmp_path):
    cache = stored(tmp_path)
    made = notebook("print(1)", printed="1\n" * 10_000)

    def use(number):
        cache.store(made, BASIS.key("kod"), {"seconds": number})
        return found(cache)

    with ThreadPoolExecutor(8) as pool:
        records = list(pool.map(use, range(80)))
    assert None not in records
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_folders_of_two_machines_are_merged_by_copying(tmp_path):
    stored(tmp_path / "bir", code="bir")
    stored(tmp_path / "iki", code="iki")
    shutil.copytree(tmp_path / "bir", tmp_path / "iki", dirs_exist_ok=True)
    both = Cache(tmp_path / "iki")
    assert found(both, code="bir") and found(both, code="iki")
