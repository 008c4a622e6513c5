"""What the layers of a network give and cost: shapes, parameters, multiply-adds.

A network is what ``networks.json`` says: a list of layers, the first of which is the
input, each a mapping from its settings to whole numbers. This module only calculates;
``static/architecture_network.js`` does the same for a reader who changes a setting, and
both take limits and messages from that file.
"""

import json
from dataclasses import dataclass
from math import prod
from pathlib import Path

from babel.numbers import format_decimal

SETUP = json.loads(Path(__file__).with_name("networks.json").read_text("utf-8"))
NETWORKS = {network["key"]: network for network in SETUP["networks"]}

Shape = tuple[int, ...]
"""(channels, side, side), or (units,) behind the first fully connected layer."""

NUMBER_BYTES = 4
"""The size of a float32."""


class Problem(Exception):
    """A setting that no network can have; the message (Turkish) says what to do.

    ``layer`` is the index of the layer, ``setting`` the name of the setting.
    """

    def __init__(self, message: str, layer: int, setting: str):
        super().__init__(message)
        self.layer, self.setting = layer, setting


@dataclass(frozen=True)
class Layer:
    """What one layer gives for an image, and what it takes.

    ``operations`` are multiply-adds: a weight is used once for every position at which
    the layer's window is put. Those of a normalisation or a pooling do not count.
    """

    name: str
    kind: str
    shape: Shape
    weights: int = 0
    biases: int = 0
    operations: int = 0

    @property
    def parameters(self) -> int:
        """The numbers that training finds."""
        return self.weights + self.biases

    @property
    def outputs(self) -> int:
        """The numbers that training keeps for one image; the image itself is none."""
        return 0 if self.kind == "input" else prod(self.shape)


@dataclass(frozen=True)
class Costs:
    """Parameters, bytes of memory in a step of training, and ``operations``.

    ``state`` are the bytes of the parameters and their gradients, ``outputs`` those of
    a batch's outputs.
    """

    parameters: int
    state: int
    outputs: int
    operations: int

    @property
    def memory(self) -> int:
        """All bytes that a step of training keeps."""
        return self.state + self.outputs


def costs(layers: list[Layer], batch: int) -> Costs:
    """Return what some layers cost together."""
    parameters = sum(layer.parameters for layer in layers)
    return Costs(
        parameters,
        2 * NUMBER_BYTES * parameters,
        batch * NUMBER_BYTES * sum(layer.outputs for layer in layers),
        sum(layer.operations for layer in layers),
    )


def measure(network: dict) -> list[Layer]:
    """Return what each layer of a network gives; raises Problem."""
    result: list[Layer] = []
    shape: Shape = ()
    for index, layer in enumerate(network["layers"]):
        name = names(network)[index]
        check = _Check(index, name, layer)
        check.ranges()
        result.append(_RULES[layer["kind"]](check, name, layer, shape))
        shape = result[-1].shape
    return result


def names(network: dict) -> list[str]:
    """Return the layers' names: "Evrişim 1" is the first of its kind."""
    counts: dict[str, int] = {}
    result = []
    for kind in (layer["kind"] for layer in network["layers"]):
        counts[kind] = counts.get(kind, 0) + 1
        name = SETUP["kinds"][kind]["name"]
        result.append(name if kind == "input" else f"{name} {counts[kind]}")
    return result


@dataclass(frozen=True)
class _Check:
    """The rules that a layer's settings keep; a method raises Problem or returns."""

    index: int
    name: str
    layer: dict

    def fail(self, problem: str, setting: str, **values):
        """Raise Problem with one of the messages of ``networks.json``."""
        owner = SETUP["kinds"][self.layer["kind"]]["owner"].format(name=self.name)
        numbers = {
            key: format_decimal(value, locale="tr")
            for key, value in values.items()
            if not isinstance(value, str)
        }
        message = SETUP["problems"][problem].format(
            owner=owner, **{**values, **numbers}
        )
        raise Problem(message, self.index, setting)

    def ranges(self) -> None:
        """Every setting is a whole number within its limits."""
        for setting in SETUP["kinds"][self.layer["kind"]]["settings"]:
            value, limits = self.layer[setting], SETUP["settings"][setting]
            problem = _range_problem(value, limits)
            if problem:
                texts = {key: limits[key] for key in ("of", "why", "least", "most")}
                self.fail(problem, setting, **texts, value=value or 0)

    def groups(self, incoming: int) -> None:
        """Groups share the channels that come in, and those that go out, evenly."""
        groups, channels = self.layer["groups"], self.layer["channels"]
        if incoming % groups:
            self.fail("incoming", "groups", groups=groups, incoming=incoming)
        if channels % groups:
            self.fail("outgoing", "groups", groups=groups, channels=channels)

    def slide(self, side: int) -> int:
        """Return to how many places along a side the window is put."""
        window, padding = self.layer["window"], self.layer.get("padding", 0)
        padded = side + 2 * padding
        if window > padded:
            problem = "padded" if padding else "window"
            self.fail(problem, "window", window=window, side=side, padded=padded)
        return (padded - window) // self.layer["stride"] + 1


def _range_problem(value: float | None, limits: dict) -> str:
    if value is None:
        return "unreadable"
    if value != int(value):
        return "fraction"
    return (value < limits["least"] and "low") or (value > limits["most"] and "high")


def _input(check: _Check, name: str, layer: dict, shape: Shape) -> Layer:
    return Layer(name, "input", (layer["channels"], layer["size"], layer["size"]))


def _conv(check: _Check, name: str, layer: dict, shape: Shape) -> Layer:
    incoming, side, _ = shape
    check.groups(incoming)
    side, channels = check.slide(side), layer["channels"]
    weights = channels * incoming // layer["groups"] * layer["window"] ** 2
    operations = weights * side**2
    return Layer(name, "conv", (channels, side, side), weights, channels, operations)


def _pool(check: _Check, name: str, layer: dict, shape: Shape) -> Layer:
    channels, side, _ = shape
    side = check.slide(side)
    return Layer(name, "pool", (channels, side, side))


def _norm(check: _Check, name: str, layer: dict, shape: Shape) -> Layer:
    return Layer(name, "norm", shape)


def _dense(check: _Check, name: str, layer: dict, shape: Shape) -> Layer:
    units = layer["units"]
    weights = prod(shape) * units
    return Layer(name, "dense", (units,), weights, units, weights)


_RULES = {
    "input": _input,
    "conv": _conv,
    "pool": _pool,
    "norm": _norm,
    "dense": _dense,
}
