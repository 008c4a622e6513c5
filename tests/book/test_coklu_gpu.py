"""The chapter on several GPUs: its layers and its ring of workers are the real ones."""

import ast
import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn

from framework_tabs.source import chapter as chapters  # noqa: E402
from framework_tabs.store import own_code, record  # noqa: E402
from tests.book.test_figures import alexnet  # noqa: E402

CHAPTERS = Path(__file__).parents[2] / "chapters"
TEXT = (CHAPTERS / "coklu_gpu.md").read_text(encoding="utf-8")


def counted() -> dict[str, tuple[int, int]]:
    """The layers as the chapter's cell counts them: parameters and inputs."""
    cell = re.search(r"^layers = (\{.*?^\})", TEXT, re.M | re.S)[1]
    tree = ast.parse(re.sub(r"#.*", "", cell), mode="eval")
    return eval(compile(tree, "layers", "eval"))


def test_the_counted_layers_are_those_of_alexnet():
    x, expected = torch.zeros(1, 1, 224, 224), []
    with torch.no_grad():
        for layer in alexnet():
            inputs, x = x.numel(), layer(x)
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                parameters = sum(p.numel() for p in layer.parameters())
                expected.append((parameters, inputs))
    assert list(counted().values()) == expected


@pytest.mark.parametrize("framework", ["mxnet", "pytorch", "tensorflow"])
def test_the_network_that_is_measured_has_as_many_parameters_as_counted(framework):
    """Its convolutions and dense layers have the sizes of the chapter on AlexNet."""
    script = re.search(
        rf":tags: \[{framework}[^\n]*\n\n%%writefile {{folder}}/ag.py\n(.*?)```",
        TEXT,
        re.S,
    )[1]
    body = script.partition("def alexnet():")[2].partition("def weights")[0]
    for number in (96, 256, 384, 4096, 10):
        assert re.search(rf"\b{number}\b", body)
    assert len(re.findall(r"\b[Cc]onv(?:2d)?\(", body)) == 5
    assert len(re.findall(r"\b(?:Linear|Dense)\(", body)) == 3


def test_the_ring_of_the_chapter_adds_up_for_any_number_of_workers():
    import numpy

    cell = re.search(r"^(def ring_all_reduce.*?)^rng", TEXT, re.M | re.S)[1]
    names = {"numpy": numpy}
    exec(cell, names)
    for n in (2, 3, 5):
        arrays = [numpy.arange(7.0) * rank for rank in range(n)]
        expected = sum(arrays)
        names["ring_all_reduce"](arrays)
        assert all((array == expected).all() for array in arrays)


def test_the_text_says_where_nothing_was_run():
    assert "CPU'da, iki çekirdekli bir makinedeki iki süreçle üretildi" in TEXT
    assert "burada çalıştırılmadı" in TEXT


def test_only_this_chapter_rests_on_the_modules_of_several_workers(book):
    """So a change of them leaves the reference runs of all others valid."""
    resting = {
        (chapter.name, key): own_code.named(runner, book, record.sources(chapter, key))
        for chapter in chapters.read_all(book)
        for key, runner in book.runners_of(chapter).items()
    }
    folders = {"mxnet": "mxnet", "pytorch": "torch", "tensorflow": "tensorflow"}
    assert {place: files for place, files in resting.items() if files} == {
        ("coklu_gpu", key): {"d2l_shim/parallel.py", f"d2l_shim/{folder}/parallel.py"}
        for key, folder in folders.items()
    }
