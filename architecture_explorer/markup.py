"""The explorer as HTML: a picture, a table, and a place for every control.

What a browser without JavaScript shows, and what ``static/architecture_explorer.js``
starts from: it puts an input where a ``value`` is, which takes up the same room, and
afterwards only changes texts and outlines. ``setup`` goes along as data, so that the
page needs no further request and no script of its own.
"""

import json
import xml.etree.ElementTree as ET

from babel.numbers import format_decimal

from . import picture
from .network import NETWORKS, SETUP, Costs, Layer, costs, measure
from .picture import Scale

FIELDS = {
    "size": "Görüntünün kenarı",
    "channels": "Görüntünün kanalları",
    "batch": "Yığın boyutu",
}
"""What the settings of the input are called above the picture."""

COLUMNS = {
    "window": "Pencere",
    "stride": "Adım",
    "padding": "Dolgu",
    "channels": "Kanal, birim",
    "groups": "Öbek",
}
"""The columns of settings; units stand where other layers have channels."""

MEASURES = {
    "parameters": "Parametre",
    "memory": "Bellek",
    "operations": "Çarpma–toplama",
}

NO_SCRIPT = "Sayıları değiştirebilmek için tarayıcınızda JavaScript açık olmalıdır."
PICTURE = (
    "Girdi ve katmanların çıktıları yan yana bloklar hâlinde. "
    "Sayıları aşağıdaki tablodadır."
)
MAY_BREAK = "×\N{ZERO WIDTH SPACE}"
SVG = "http://www.w3.org/2000/svg"


def number(value: int) -> str:
    """4096 -> "4.096"."""
    return format_decimal(value, locale="tr")


def memory(size: int) -> str:
    """Return a number of bytes as "143,3 MB"; 1 MB is a million bytes."""
    for unit, its_size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= its_size:
            return f"{format_decimal(size / its_size, '#,##0.0', locale='tr')} {unit}"
    return f"{size} B"


def shape(layer: Layer) -> str:
    """Return "96 × 54 × 54", channels first."""
    return " × ".join(map(number, layer.shape))


def written(measured: Costs, measure_name: str) -> str:
    """Return one of the costs in ``MEASURES`` as a reader sees it."""
    value = getattr(measured, measure_name)
    return memory(value) if measure_name == "memory" else number(value)


def explorer(prefix: str) -> str:
    """Return the explorer, well-formed as XHTML too; ids begin with ``prefix``."""
    first, *_ = NETWORKS.values()
    root = ET.Element("div", {"class": "architecture-explorer", "role": "group"})
    root.set("aria-label", "Mimari gezgini")
    root.set("data-setup", json.dumps(SETUP, ensure_ascii=False))
    _bar(root, first, prefix)
    blocks = _add(root, "div", class_="explorer-blocks", role="img")
    blocks.set("aria-label", PICTURE)
    table = _add(root, "table", class_="explorer-table")
    _head(table)
    for network in NETWORKS.values():
        layers = measure(network)
        hidden = {} if network is first else {"hidden": "hidden"}
        key = {"data_network": network["key"], **hidden}
        _blocks(_add(blocks, "ol", **key), layers)
        _rows(_add(table, "tbody", **key), network, layers, prefix)
    total = costs(measure(first), first["layers"][0]["batch"])
    _foot(table, total)
    _legend(root, total)
    _add(root, "p", NO_SCRIPT, class_="explorer-message", id=f"{prefix}-message")
    _add(root, "p", class_="explorer-live", role="status")
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes) -> ET.Element:
    """Append an element; ``class_`` stands for ``class``, ``data_x`` for ``data-x``."""
    names = {k.rstrip("_").replace("_", "-"): str(v) for k, v in attributes.items()}
    element = ET.SubElement(parent, tag, names)
    element.text = text
    element.tail = " " if tag == "span" else None
    return element


def _bar(root: ET.Element, network: dict, prefix: str) -> None:
    bar = _add(root, "div", class_="explorer-bar")
    field = _add(bar, "div", class_="explorer-field")
    _add(field, "span", "Ağ", class_="explorer-label", id=f"{prefix}-network")
    _add(field, "span", network["name"], class_="explorer-choice")
    for setting, label in FIELDS.items():
        field = _add(bar, "div", class_="explorer-field")
        _setting(field, prefix, 0, setting, network["layers"][0][setting], label)
    _add(bar, "button", "Başa dön", class_="explorer-reset", type="button")


def _setting(
    parent: ET.Element, prefix: str, layer: int, setting: str, value: int, label: str
) -> None:
    """Append a label and the value that a reader may change."""
    _add(
        parent, "span", label, class_="explorer-label", id=f"{prefix}-{layer}-{setting}"
    )
    place = {"data_layer": layer, "data_setting": setting}
    _add(parent, "span", str(value), class_="explorer-value", **place)


def _blocks(parent: ET.Element, layers: list[Layer]) -> None:
    largest = picture.scale(layers)
    counts: dict[str, int] = {}
    for layer in layers:
        kind = SETUP["kinds"][layer.kind]
        counts[layer.kind] = counts.get(layer.kind, 0) + 1
        count = "" if layer.kind == "input" else str(counts[layer.kind])
        item = _add(parent, "li", class_=f"explorer-{layer.kind}")
        _block(item, layer, largest)
        _add(item, "span", kind["short"] + count, class_="explorer-short")
        _add(item, "span", number(layer.shape[0]), class_="explorer-channels")
        sides = MAY_BREAK.join(map(number, layer.shape[1:]))
        _add(item, "span", sides, class_="explorer-sides")


def _block(parent: ET.Element, layer: Layer, largest: Scale) -> None:
    size = f"0 0 {picture.WIDTH} {picture.HEIGHT}"
    svg = _add(parent, "svg", xmlns=SVG, viewBox=size)
    for face, outline in picture.faces(layer.shape, largest).items():
        _add(svg, "path", class_=face, d=outline)


def _head(table: ET.Element) -> None:
    row = _add(_add(table, "thead"), "tr")
    _add(row, "th", "Katman ve çıktısı", scope="col")
    for key, label in COLUMNS.items():
        _add(row, "th", label, scope="col", data_column=key)
    for key, label in MEASURES.items():
        options = {"class_": "explorer-measure", "data_measure": key}
        _add(row, "th", label, scope="col", **options)


def _rows(body: ET.Element, network: dict, layers: list[Layer], prefix: str) -> None:
    """Append a row for each layer but the input."""
    batch = network["layers"][0]["batch"]
    each = [costs([layer], batch) for layer in layers]
    for index in range(1, len(layers)):
        row = _add(body, "tr", class_=f"explorer-{layers[index].kind}")
        name = f"{prefix}-{network['key']}-{index}"
        head = _add(row, "th", scope="row")
        _add(head, "span", layers[index].name, class_="explorer-name", id=name)
        _add(head, "span", shape(layers[index]), class_="explorer-shape")
        _settings(row, f"{prefix}-{network['key']}", index, network["layers"][index])
        for key, label in MEASURES.items():
            _measure(row, key, label, each[index], each)


def _settings(row: ET.Element, prefix: str, index: int, layer: dict) -> None:
    names = SETUP["kinds"][layer["kind"]]["settings"]
    for column in COLUMNS:
        setting = "units" if column == "channels" and "units" in names else column
        cell = _add(row, "td", class_="explorer-setting")
        if setting in names:
            label = SETUP["settings"][setting]["label"]
            _setting(cell, prefix, index, setting, layer[setting], label)


def _measure(
    row: ET.Element, key: str, label: str, own: Costs, all_costs: list[Costs]
) -> None:
    """Append a number and its bar, as long as its share of the largest one."""
    cell = _add(row, "td", class_="explorer-measure", data_measure=key)
    _add(cell, "span", label, class_="explorer-label")
    _add(cell, "span", written(own, key), class_="explorer-number")
    largest = max(getattr(each, key) for each in all_costs)
    first = own.state if key == "memory" else getattr(own, key)
    bar = _add(cell, "svg", xmlns=SVG, class_="explorer-bars")
    bar.set("aria-hidden", "true")
    _add(bar, "rect", width=_percent(first, largest), height="100%")
    if key == "memory":
        start, width = (_percent(n, largest) for n in (own.state, own.outputs))
        _add(bar, "rect", class_="outputs", x=start, width=width, height="100%")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%"


def _foot(table: ET.Element, total: Costs) -> None:
    foot = _add(table, "tfoot")
    for title, ratio in (("Toplam", False), ("Hazır ağın kaç katı", True)):
        row = _add(foot, "tr", class_="explorer-ratios" if ratio else "explorer-totals")
        _add(row, "th", title, scope="row", colspan=1 + len(COLUMNS))
        for key, label in MEASURES.items():
            cell = _add(row, "td", class_="explorer-measure", data_measure=key)
            _add(cell, "span", label, class_="explorer-label")
            text = "1,00" if ratio else written(total, key)
            _add(cell, "span", text, class_="explorer-number")


def _legend(root: ET.Element, total: Costs) -> None:
    legend = _add(root, "p", class_="explorer-legend")
    legend.text = "Bellek, bir eğitim adımı boyunca tutulan sayılardır: "
    for key, label, tail in (
        ("state", "parametreler ve gradyanları (çubuğun koyu bölümü) ", ", "),
        ("outputs", "yığının katman çıktıları (açık bölümü) ", ". "),
    ):
        _add(legend, "span", label)
        size = memory(getattr(total, key))
        _add(legend, "span", size, class_="explorer-number", data_total=key).tail = tail
    legend[-1].tail = (
        ". 1 MB bir milyon bayttır. Blokların boyu haritanın kenarıyla, eni kanal "
        "sayısıyla büyür (karekök ölçeğinde)."
    )
