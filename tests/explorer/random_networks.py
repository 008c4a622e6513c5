"""Draws networks, possible and impossible ones, for tests of the arithmetic."""

from hypothesis import strategies as st


def numbers(low, high):
    """Whole numbers, small enough that frameworks answer at once."""
    return st.integers(low, high)


def layers(kind, **settings):
    """Layers of one kind."""
    return st.fixed_dictionaries({"kind": st.just(kind), **settings})


INPUT = layers(
    "input", size=numbers(1, 64), channels=numbers(1, 12), batch=numbers(1, 9)
)
CONV = layers(
    "conv",
    window=numbers(1, 9),
    stride=numbers(1, 4),
    padding=numbers(0, 3),
    channels=numbers(1, 12),
    groups=st.sampled_from([1, 1, 1, 2, 3]),
)
POOL = layers("pool", window=numbers(1, 4), stride=numbers(1, 3))
NORM = layers("norm")
DENSE = layers("dense", units=numbers(1, 30))

NETWORKS = st.builds(
    lambda first, middle, last: {"layers": [first, *middle, *last]},
    INPUT,
    st.lists(st.one_of(CONV, CONV, POOL, NORM), max_size=5),
    st.lists(DENSE, min_size=1, max_size=2),
)

WRONG_NUMBERS = st.sampled_from([None, 0, -1, 0.5, 2.5, 99999])
