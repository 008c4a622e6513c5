"""A layer's output as a block: as high as its maps, as wide as it has channels.

Both grow with the square root of the numbers, since they range over three orders of
magnitude. Only geometry is here; ``static/architecture_explorer.js`` does the same.
"""

from dataclasses import dataclass
from math import floor, sqrt

from .network import Layer, Shape

WIDTH, HEIGHT = 56, 108
"""The picture that holds one block."""

TALLEST, WIDEST, FLAT = 90, 26, 8
"""The highest block, the widest one, and the width of every row of units."""

DEPTH, SLOPE = 0.24, 0.6
"""How deep a block is for its height, and how steeply its depth runs upwards."""


@dataclass(frozen=True)
class Scale:
    """The largest side, channels and units that a picture has room for."""

    side: int
    channels: int
    units: int


def scale(layers: list[Layer]) -> Scale:
    """Return the scale in which the largest of some layers fill the picture."""
    maps = [layer.shape for layer in layers if len(layer.shape) > 1]
    rows = [layer.shape for layer in layers if len(layer.shape) == 1]
    return Scale(
        max(side for _, side, _ in maps),
        max(channels for channels, _, _ in maps),
        max(units for (units,) in rows),
    )


def faces(shape: Shape, largest: Scale) -> dict[str, str]:
    """Return the outlines of a block's front, top and side."""
    width, height = _size(shape, largest)
    deep = height * DEPTH if len(shape) > 1 else FLAT / 2
    rise = deep * SLOPE
    left, bottom = (WIDTH - width - deep) / 2, HEIGHT - 1
    top, right = bottom - height, left + width
    return {
        "front": _path((left, bottom), (left, top), (right, top), (right, bottom)),
        "top": _path(
            *((left, top), (left + deep, top - rise)),
            *((right + deep, top - rise), (right, top)),
        ),
        "side": _path(
            *((right, bottom), (right, top)),
            *((right + deep, top - rise), (right + deep, bottom - rise)),
        ),
    }


def _size(shape: Shape, largest: Scale) -> tuple[float, float]:
    if len(shape) == 1:
        return FLAT, _grown(shape[0], largest.units, TALLEST)
    channels, side, _ = shape
    width = _grown(channels, largest.channels, WIDEST)
    return width, _grown(side, largest.side, TALLEST)


def _grown(number: int, largest: int, size: int) -> float:
    return max(1.5, size * sqrt(number / largest))


def _path(*corners: tuple[float, float]) -> str:
    return "M" + "L".join(f"{_tenths(x)} {_tenths(y)}" for x, y in corners) + "Z"


def _tenths(value: float) -> str:
    """Round as JavaScript does."""
    return f"{floor(10 * value + 0.5) / 10:g}"
