"""The budget: which limits it sets and when it speaks."""

import pytest

from d2l_shim import budget


@pytest.fixture
def choose(monkeypatch):
    return lambda name: monkeypatch.setenv("D2L_SHIM_BUDGET", name)


def test_without_a_setting_nothing_is_limited(monkeypatch, capsys):
    monkeypatch.delenv("D2L_SHIM_BUDGET", raising=False)
    assert budget.current().name == "full"
    assert budget.current().images("train", 128) is None
    assert budget.current().images("test", 128) is None
    assert budget.limit_epochs(200) == 200
    assert capsys.readouterr().out == ""


def test_an_empty_setting_is_no_setting(choose):
    choose("")
    assert budget.current().name == "full"


def test_cpu_limits_images_whatever_the_batch_size(choose):
    choose("cpu")
    assert budget.current().images("train", 128) == 8192
    assert budget.current().images("test", 1000) == 4096


def test_smoke_counts_in_batches(choose):
    choose("smoke")
    assert budget.current().images("train", 32) == 8 * 32
    assert budget.current().images("test", 32) == 2 * 32


def test_fewer_epochs_are_announced(choose, capsys):
    choose("cpu")
    assert budget.limit_epochs(10, enlarged=True) == 5
    printed = capsys.readouterr().out
    assert printed == "Bütçe cpu: 10 yerine 5 dönem eğitilecek.\n"


def test_epochs_within_the_budget_are_not_mentioned(choose, capsys):
    choose("cpu")
    assert budget.limit_epochs(5, enlarged=True) == 5
    assert capsys.readouterr().out == ""


def test_cpu_limits_the_epochs_of_enlarged_images_alone(choose, capsys):
    choose("cpu")
    assert budget.limit_epochs(40) == 40
    assert capsys.readouterr().out == ""


def test_smoke_allows_one_epoch_whatever_the_images(choose):
    choose("smoke")
    assert budget.limit_epochs(3) == budget.limit_epochs(3, enlarged=True) == 1


def test_the_setting_is_read_at_each_call(choose):
    choose("cpu")
    assert budget.limit_epochs(3) == 3
    choose("smoke")
    assert budget.limit_epochs(3) == 1


def test_an_unknown_budget_names_the_three_choices(choose):
    choose("quick")
    with pytest.raises(ValueError, match="D2L_SHIM_BUDGET=quick .* full, cpu, smoke"):
        budget.current()


@pytest.mark.parametrize(
    "name, limits",
    [
        ("full", "full (sınırsız)"),
        (
            "cpu",
            "cpu (en çok 8.192 eğitim ve 4.096 test görüntüsü, "
            "büyütülmüş görüntülerle 5 dönem)",
        ),
        ("smoke", "smoke (en çok 8 eğitim ve 2 test yığını, 1 dönem)"),
    ],
)
def test_the_limits_can_be_told_in_turkish(choose, name, limits):
    choose(name)
    assert budget.current().describe() == limits


def test_thousands_are_set_apart_by_points():
    assert budget.thousands(60_000) == "60.000"
    assert budget.thousands(999) == "999"
