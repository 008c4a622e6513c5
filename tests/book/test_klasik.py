"""The chapter on hand-made features: its picture states the real shapes."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
feature = pytest.importorskip("skimage.feature")
nn = torch.nn

FIGURES = Path(__file__).parents[2] / "chapters" / "figures"
SVG = "{http://www.w3.org/2000/svg}"


def drawn_shapes(column: str) -> list[tuple[int, ...]]:
    """The shapes below a column's boxes, from top to bottom."""
    root = ET.parse(FIGURES / "pipelines.svg").getroot()
    pills = root.findall(f".//{SVG}g[@id='{column}']/{SVG}g[@class='shape']/{SVG}text")
    numbers = [pill.text.replace(".", "").split(" × ") for pill in pills]
    return [tuple(map(int, shape)) for shape in numbers]


def hog(cells_per_block: int) -> np.ndarray:
    """HOG of an image in the chapter's layout, not yet joined to one row."""
    return feature.hog(
        np.zeros((28, 28)),
        orientations=9,
        pixels_per_cell=(4, 4),
        cells_per_block=(cells_per_block, cells_per_block),
        feature_vector=False,
    )


def test_the_left_column_states_the_shapes_of_hog():
    image, gradients, cells, blocks, classes = drawn_shapes("hog")
    assert image == (28, 28)
    assert gradients == np.shape(np.gradient(np.zeros(image)))
    assert cells == hog(1).squeeze().shape
    assert blocks == (hog(2).size,)
    assert classes == (10,)


def test_the_right_column_states_the_shapes_of_lenet():
    stages = [
        nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(6, 16, 5), nn.AvgPool2d(2)),
        nn.Sequential(nn.Flatten(), nn.Linear(400, 120), nn.Linear(120, 84)),
        nn.Linear(84, 10),
    ]
    X, shapes = torch.zeros(1, 1, 28, 28), [(28, 28)]
    for stage in stages:
        X = stage(X)
        shapes.append(tuple(X.shape[1:]))
    assert drawn_shapes("lenet") == shapes
