"""Drawn garments that stand in for Fashion-MNIST where the data cannot be had.

Ten kinds of garment in the order of Fashion-MNIST's classes, drawn with NumPy from
simple shapes whose size, place, tilt, cut, brightness and fabric vary at random. They
are for trying the book without the data; results on them say nothing about
Fashion-MNIST.

A shape is an array of signed distances in pixels, positive inside: `np.maximum` of two
shapes is their union, `np.minimum` their intersection. All images of a class are drawn
at once, so every array here has the shape (n, 28, 28) or, for what differs from image
to image only, (n, 1, 1).
"""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from d2l_shim.image_set import ImageSet

SIZE = 28
COUNTS = {"train": 8192, "test": 4096}
SEEDS = {"train": 1, "test": 2}


@lru_cache
def garments(split: str) -> ImageSet:
    """Return the drawn stand-in for `split`, "train" (8192 images) or "test" (4096).

    The same images every time, with all classes about equally often.
    """
    rng = np.random.default_rng(SEEDS[split])
    labels = rng.permutation(COUNTS[split]).astype(np.uint32) % len(CLASSES)
    images = np.empty((len(labels), SIZE, SIZE), np.uint8)
    for label, draw in enumerate(CLASSES):
        members = labels == label
        canvas = Canvas(rng, np.count_nonzero(members))
        draw(canvas)
        images[members] = canvas.develop()
    return ImageSet(images, labels.astype(np.uint8))


class Canvas:
    """A stack of images that are drawn together, each with its own chances.

    `x` grows to the right and `y` downwards, from the middle of the garment and in
    pixels of a garment of ordinary size; both are already moved, tilted and scaled.
    """

    def __init__(self, rng: np.random.Generator, count: int):
        self.rng = rng
        self.count = count
        rows, columns = np.mgrid[:SIZE, :SIZE].astype(np.float32) - (SIZE - 1) / 2
        right = columns - self.between(-2, 2)
        down = rows - self.between(-2, 2)
        tilt, size = self.between(-0.25, 0.25), self.between(0.75, 1)
        width = size * self.between(0.85, 1.1)
        self.x = (right * np.cos(tilt) + down * np.sin(tilt)) / width
        self.y = (down * np.cos(tilt) - right * np.sin(tilt)) / size
        self.pixels = np.zeros((count, SIZE, SIZE), np.float32)

    def between(self, low: float, high: float) -> np.ndarray:
        """Return one random number per image, shape (n, 1, 1)."""
        return self.rng.uniform(low, high, (self.count, 1, 1)).astype(np.float32)

    def chance(self, probability: float) -> np.ndarray:
        """Return one random truth value per image, shape (n, 1, 1)."""
        return self.between(0, 1) < probability

    def paint(self, shape: np.ndarray, shade: np.ndarray | float) -> None:
        """Cover `shape` with `shade` (0 = background, 1 = brightest), edges smooth."""
        cover = np.clip(shape + 0.5, 0, 1)
        self.pixels += cover * (shade - self.pixels)

    def darken(self, shape: np.ndarray, strength: np.ndarray | float) -> None:
        """Take `strength` (0 to 1) of the light away inside `shape`."""
        self.pixels *= 1 - strength * np.clip(shape + 0.5, 0, 1)

    def develop(self) -> np.ndarray:
        """Return the finished images as uint8, with grain on the cloth."""
        grain = self.rng.standard_normal(self.pixels.shape, dtype=np.float32)
        exposed = self.pixels * (1 + self.between(0.02, 0.15) * grain)
        return np.rint(np.clip(exposed, 0, 1) * 255).astype(np.uint8)


# Shapes


def outline(along: np.ndarray, points: list) -> np.ndarray:
    """Return the broken line through `points` = [(position, height), ...] at `along`.

    Positions and heights may differ from image to image.
    """
    line = points[0][1]
    for (start, low), (end, high) in pairwise(points):
        line = line + (high - low) * np.clip((along - start) / (end - start), 0, 1)
    return line


def band(along: np.ndarray, start, end) -> np.ndarray:
    """Return the strip from `start` to `end`."""
    return np.minimum(along - start, end - along)


def limb(x: np.ndarray, y: np.ndarray, start, end, radii) -> np.ndarray:
    """Return a rod from `start` to `end`, as thick as `radii` at its two ends."""
    across, down = end[0] - start[0], end[1] - start[1]
    along = (x - start[0]) * across + (y - start[1]) * down
    along = np.clip(along / (across**2 + down**2), 0, 1)
    distance = np.hypot(x - start[0] - along * across, y - start[1] - along * down)
    return radii[0] + along * (radii[1] - radii[0]) - distance


def ring(x: np.ndarray, y: np.ndarray, radii, thickness) -> np.ndarray:
    """Return an ellipse's edge around (0, 0)."""
    distance = (np.hypot(x / radii[0], y / radii[1]) - 1) * np.minimum(*radii)
    return thickness - np.abs(distance)


def fabric(canvas: Canvas) -> np.ndarray:
    """Return the shades of a cloth, plain or striped, with soft folds."""
    way = canvas.between(0, np.pi)
    frequency = canvas.between(0.7, 1.8)
    stripes = np.sin(
        frequency * (canvas.x * np.cos(way) + canvas.y * np.sin(way))
        + canvas.between(0, 6)
    )
    stripes *= canvas.between(0, 0.5) * canvas.chance(0.6)
    folds = np.sin(canvas.between(-0.3, 0.3) * canvas.x + canvas.between(0, 6))
    folds += np.sin(canvas.between(-0.3, 0.3) * canvas.y + canvas.between(0, 6))
    return canvas.between(0.25, 0.95) * (1 + stripes + 0.08 * folds)


# Clothes for the upper body: a trunk, a pair of sleeves and what tells them apart


def trunk(canvas: Canvas, points: list) -> np.ndarray:
    """Return a body whose half width follows `points` = [(y, half width), ...]."""
    height = band(canvas.y, points[0][0], points[-1][0])
    return np.minimum(height, outline(canvas.y, points) - np.abs(canvas.x))


def sleeves(canvas: Canvas, shoulder, end, radii) -> np.ndarray:
    """Return a pair of arms, given for the one on the right."""
    return limb(np.abs(canvas.x), canvas.y, shoulder, end, radii)


def neckline(canvas: Canvas, top, width, depth) -> np.ndarray:
    """Return the rounded opening for the neck."""
    return 2 - 2 * np.hypot(canvas.x / width, (canvas.y - top) / depth)


def front_line(canvas: Canvas, top, bottom) -> np.ndarray:
    """Return the narrow line where the two halves of a front meet."""
    return np.minimum(band(canvas.y, top, bottom), 0.2 - np.abs(canvas.x))


def collar(canvas: Canvas, spread: np.ndarray) -> None:
    """Draw the open neck and the two points of a shirt's collar."""
    wings = limb(np.abs(canvas.x), canvas.y, (2.6, -11.3), (spread, -7.8), (1.1, 0.5))
    canvas.paint(np.minimum(-10.6 - canvas.y, 2.2 - np.abs(canvas.x)), 0)
    canvas.paint(wings, canvas.between(0.7, 1))


def short_or_long(canvas: Canvas, short: np.ndarray | bool) -> np.ndarray:
    """Return sleeves that end at the upper arm where `short`, else at the wrist."""
    across = np.where(short, canvas.between(10, 11.5), canvas.between(9, 11.5))
    down = np.where(short, canvas.between(-5, -2), canvas.between(6, 10))
    width = np.where(short, canvas.between(2, 2.8), canvas.between(1.4, 2))
    return sleeves(canvas, (5.5, -8.2), (across, down), (2.6, width))


def top_trunk(canvas: Canvas, bottom: np.ndarray) -> np.ndarray:
    """Return the trunk that t-shirts, pullovers and shirts share."""
    shoulder, waist = canvas.between(6, 7), canvas.between(5.3, 7)
    return trunk(
        canvas,
        [(-11, 3), (-9, shoulder), (0, waist), (bottom, waist + canvas.between(0, 1))],
    )


def t_shirt(canvas: Canvas) -> None:
    body = top_trunk(canvas, canvas.between(8.5, 11.5))
    arms = short_or_long(canvas, True)
    canvas.paint(np.maximum(body, arms), fabric(canvas))
    depth = canvas.between(1.5, 5)
    canvas.paint(neckline(canvas, -11, canvas.between(2.5, 3.8), depth), 0)


def pullover(canvas: Canvas) -> None:
    bottom = canvas.between(8.5, 11.5)
    body = top_trunk(canvas, bottom)
    arms = short_or_long(canvas, False)
    canvas.paint(np.maximum(body, arms), fabric(canvas))
    rib = band(canvas.y, bottom - canvas.between(1.5, 3), bottom + 1)
    canvas.darken(rib, canvas.between(0.1, 0.4))
    depth = canvas.between(1, 2.5)
    canvas.darken(neckline(canvas, -11, canvas.between(2.5, 3.5), depth), 0.6)


def shirt(canvas: Canvas) -> None:
    bottom = canvas.between(8.5, 11.5)
    body = top_trunk(canvas, bottom)
    arms = short_or_long(canvas, canvas.chance(0.35))
    canvas.paint(np.maximum(body, arms), fabric(canvas))
    canvas.darken(front_line(canvas, -9, bottom), canvas.between(0.25, 0.6))
    buttons = np.minimum(front_line(canvas, -9, bottom) + 0.5, np.sin(canvas.y * 1.6))
    canvas.darken(buttons, 0.4)
    collar(canvas, canvas.between(1.5, 2.5))


def coat(canvas: Canvas) -> None:
    bottom, width = canvas.between(11.5, 13), canvas.between(6, 7)
    body = trunk(
        canvas,
        [(-12, 3), (-10, width), (0, width - 0.3), (bottom, width + 0.8)],
    )
    end = (canvas.between(9, 11), canvas.between(6, 9))
    arms = sleeves(canvas, (5.5, -9), end, (2.7, canvas.between(1.8, 2.4)))
    canvas.paint(np.maximum(body, arms), fabric(canvas))
    waist = canvas.between(-5, -1)
    opening = np.minimum(
        band(canvas.y, -13, bottom + 1),
        outline(canvas.y, [(-12, 2.6), (waist, 0.2), (bottom, canvas.between(0.2, 1))])
        - np.abs(canvas.x),
    )
    canvas.darken(opening, canvas.between(0.6, 1))
    lapels = limb(np.abs(canvas.x), canvas.y, (3.6, -10.5), (1, waist), (0.9, 0.4))
    canvas.paint(lapels, canvas.between(0.5, 1))
    pockets = np.minimum(band(np.abs(canvas.x), 2.5, 5), band(canvas.y, 2.8, 3.6))
    canvas.darken(pockets, canvas.between(0.3, 0.6))


def dress(canvas: Canvas) -> None:
    waist, hem = canvas.between(2.4, 3.6), canvas.between(3.8, 8)
    bust = waist + canvas.between(0.7, 1.4)
    body = trunk(
        canvas,
        [(-12.5, 2.2), (-11, bust), (-8, bust), (-4, waist), (12.5, hem)],
    )
    reach = canvas.between(-7, 4)
    arms = sleeves(canvas, (3, -10), (canvas.between(5, 7.5), reach), (1.4, 1))
    arms = np.where(canvas.chance(0.5), arms, -1)
    canvas.paint(np.maximum(body, arms), fabric(canvas))
    neck = neckline(canvas, -12.5, canvas.between(1.6, 2.4), canvas.between(2, 4.5))
    canvas.paint(neck, 0)
    belt = band(canvas.y, -4.6, -3.4)
    canvas.darken(belt, canvas.between(0.2, 0.7) * canvas.chance(0.5))


# Other clothes


def trouser(canvas: Canvas) -> None:
    hip, ankle = canvas.between(4, 5.5), canvas.between(3.5, 6.5)
    bottom = canvas.between(11, 13)
    body = trunk(canvas, [(-12.5, hip - 0.8), (-8, hip), (bottom, ankle)])
    crotch = canvas.between(-7, -4)
    inside = ankle - canvas.between(2, 2.8)
    gap = outline(canvas.y, [(crotch, 0.1), (bottom, inside)]) - np.abs(canvas.x)
    canvas.paint(body, fabric(canvas))
    canvas.paint(np.minimum(gap, canvas.y - crotch), 0)
    canvas.darken(band(canvas.y, -13, -11.3), canvas.between(0.2, 0.5))


def bag(canvas: Canvas) -> None:
    half, top = canvas.between(7.5, 11.5), canvas.between(-5, 0)
    bottom = canvas.between(8, 11)
    radii = half * canvas.between(0.35, 0.8), canvas.between(3, 7)
    handle = ring(canvas.x, canvas.y - top, radii, canvas.between(0.5, 0.9))
    cloth = fabric(canvas)
    canvas.paint(np.minimum(handle, top - canvas.y), cloth * canvas.between(0.6, 1))
    canvas.paint(
        trunk(canvas, [(top, half * canvas.between(0.75, 1)), (bottom, half)]), cloth
    )
    flap = ring(canvas.x, canvas.y - top, (half, canvas.between(3, 6)), 0.4)
    canvas.darken(np.minimum(flap, canvas.y - top), canvas.between(0.3, 0.6))
    buckle = 1.2 - np.maximum(np.abs(canvas.x), np.abs(canvas.y - top - 4))
    canvas.paint(np.where(canvas.chance(0.6), buckle, -1), canvas.between(0.2, 1))


# Shoes from the side, on the ground, the toe at x = -12 and the heel at x = 11


GROUND = 7


def put_down(canvas: Canvas) -> None:
    """Turn the toe to either side and place the shoe higher or lower."""
    canvas.y += canvas.between(0, 3)
    canvas.x *= np.where(canvas.chance(0.5), -1, 1)


def footbed(canvas: Canvas, heel) -> np.ndarray:
    """Return the y on which the foot stands, which rises to a heel of that height."""
    return GROUND - outline(canvas.x, [(-6, 0), (7, heel)])


def sole(canvas: Canvas, thickness, heel) -> np.ndarray:
    top = footbed(canvas, heel)
    heel_block = np.minimum(band(canvas.y, top, GROUND + thickness), canvas.x - 6)
    shape = np.maximum(band(canvas.y, top, top + thickness), heel_block)
    return np.minimum(shape, band(canvas.x, -12, 11))


def upper(canvas: Canvas, heel, heights: list) -> np.ndarray:
    """Return what is above the sole, `heights` = [(x, height over the sole), ...]."""
    floor = footbed(canvas, heel)
    shape = band(canvas.y, floor - outline(canvas.x, heights), floor + 0.5)
    return np.minimum(shape, band(canvas.x, heights[0][0], heights[-1][0]))


def sandal(canvas: Canvas) -> None:
    put_down(canvas)
    heel = np.where(canvas.chance(0.6), canvas.between(0, 2), canvas.between(3, 7))
    ankle = canvas.between(5, 10)
    foot = upper(canvas, heel, [(-11, 2), (-3, 5), (3, ankle), (10, ankle)])
    cloth = fabric(canvas)
    slant, apart = canvas.between(-0.3, 0.8), canvas.between(3.5, 4.5)
    for number in range(3):
        middle = number * apart - 9 - slant * (canvas.y - 5)
        strap = canvas.between(0.6, 1.1) - np.abs(canvas.x - middle)
        strap = np.where(canvas.chance(0.7), strap, -1)
        canvas.paint(np.minimum(strap, foot), cloth)
    top = footbed(canvas, heel) - ankle
    loop = np.maximum(band(canvas.y, top, top + 1.4), canvas.x - 8.6)
    canvas.paint(np.minimum(np.minimum(loop, foot), canvas.x - 1), cloth)
    canvas.paint(sole(canvas, canvas.between(1, 2.2), heel), cloth * 0.9)


def sneaker(canvas: Canvas) -> None:
    put_down(canvas)
    ankle = canvas.between(6, 8)
    instep = [(-12, 2), (-9, 3.5), (-5, 4), (2, ankle), (7, ankle - 1), (11, ankle)]
    canvas.paint(upper(canvas, 0, instep), fabric(canvas))
    laces = np.sin(canvas.between(1.6, 2.2) * (canvas.x - canvas.y)) * 0.8
    depth = canvas.y - GROUND + outline(canvas.x, instep)
    tongue = np.minimum(band(depth, 0, 2.5), band(canvas.x, -5, 2))
    canvas.paint(np.minimum(laces, tongue), canvas.between(0, 1))
    stripe = limb(canvas.x, canvas.y, (-3, 6), (7, canvas.between(2, 5)), (0.5, 0.8))
    canvas.paint(np.where(canvas.chance(0.5), stripe, -1), canvas.between(0, 1))
    canvas.paint(sole(canvas, canvas.between(1.5, 2.5), 0), canvas.between(0.3, 1))


def ankle_boot(canvas: Canvas) -> None:
    put_down(canvas)
    heel = np.where(canvas.chance(0.5), canvas.between(0, 1), canvas.between(2, 4))
    shaft, front = canvas.between(12, 17) - heel, canvas.between(0, 2)
    heights = [(-12, 2), (-9, 4), (front - 2, 6), (front, shaft), (10, shaft)]
    shape = upper(canvas, heel, heights)
    canvas.paint(shape, fabric(canvas))
    canvas.paint(sole(canvas, canvas.between(0.8, 2), heel), canvas.between(0.2, 0.8))
    seam = 0.3 - np.abs(canvas.x - front - canvas.between(1.5, 4))
    canvas.darken(np.minimum(seam, shape), canvas.between(0, 0.5))


CLASSES = (
    t_shirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    ankle_boot,
)
