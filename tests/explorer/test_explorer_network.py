"""The explorer's arithmetic: what the frameworks say, and what the chapters print."""

import json

import pytest
from framework_networks import FRAMEWORKS, torch_operations
from hypothesis import given, settings
from random_networks import NETWORKS

from architecture_explorer import network
from architecture_explorer.network import Problem, costs, measure
from tests import policy
from tests.book import language

PRESETS = network.NETWORKS


@pytest.fixture(scope="module", params=FRAMEWORKS)
def answer(request):
    """What a framework says of a network's layers."""
    policy.require_package(request.param)
    return FRAMEWORKS[request.param]


def told(found):
    """Return the shapes and parameters of all layers but the input."""
    return [(layer.shape, layer.parameters) for layer in measure(found)[1:]]


def total(key, batch=128):
    """Return what a network of the list costs."""
    return costs(measure(PRESETS[key]), batch)


def changed(key, layer, **values):
    """Return a network of the list with other settings in one layer."""
    copy = json.loads(json.dumps(PRESETS[key]))
    copy["layers"][layer] |= values
    return copy


# The frameworks


@pytest.mark.parametrize("key", PRESETS)
def test_every_network_of_the_list_has_the_shapes_and_parameters_of_the_frameworks(
    answer, key
):
    assert told(PRESETS[key]) == answer(PRESETS[key])


@settings(max_examples=60, deadline=None)
@given(NETWORKS)
def test_whatever_the_settings_the_frameworks_agree_or_refuse_too(answer, drawn):
    try:
        expected = told(drawn)
    except Problem:
        with pytest.raises(Exception):  # noqa: B017  each framework has its own
            answer(drawn)
    else:
        assert expected == answer(drawn)


@settings(max_examples=60, deadline=None)
@given(NETWORKS)
def test_multiply_adds_are_half_the_operations_that_pytorch_counts(drawn):
    try:
        measured = measure(drawn)
    except Problem:
        return
    assert costs(measured, 1).operations == torch_operations(drawn)


# The book


def test_alexnet_costs_what_the_chapters_print():
    found = total("alexnet")
    assert (found.parameters, found.operations) == (46_764_746, 938_146_176)
    assert (found.state, found.outputs) == (374_117_968, 367_006_720)


def test_lenet_and_the_original_alexnet_cost_what_their_chapters_print():
    assert total("lenet").parameters == 61_706
    original = total("alexnet-2012")
    assert (original.parameters, original.operations) == (60_965_224, 724_406_816)
    assert 2 * original.outputs == 1_288_970_240  # with gradients: "1.29 GB"


def test_only_outputs_grow_with_the_batch():
    one, many = total("alexnet", 1), total("alexnet", 100)
    assert many.outputs == 100 * one.outputs
    assert (many.state, many.operations) == (one.state, one.operations)


def test_the_answers_to_what_the_chapter_asks():
    larger = costs(measure(changed("alexnet", 0, size=448)), 128)
    assert larger.parameters > 3 * total("alexnet").parameters
    measure(changed("alexnet", 0, size=67))
    with pytest.raises(Problem, match="Havuzlama 3 katmanının penceresi"):
        measure(changed("alexnet", 0, size=66))


# Impossible settings


@pytest.mark.parametrize(
    ("layer", "setting", "value", "message"),
    [
        (1, "stride", 0, "Evrişim 1 katmanının adımı 0 olamaz. Pencere her seferinde"),
        (1, "padding", -1, "Evrişim 1 katmanının dolgusu -1 olamaz."),
        (2, "window", None, "Havuzlama 1 katmanının penceresi okunamadı. 1 ile 32"),
        (9, "units", 2.5, "Tam bağlı 1 katmanının birim sayısı 2,5 olamaz"),
        (10, "units", 20000, "en çok 16.384 olabilir; 20.000 bu çizim için çok"),
        (0, "size", 0, "Görüntünün kenarı 0 olamaz."),
        (0, "batch", 0, "Görüntünün bulunduğu yığının boyutu 0 olamaz."),
        (3, "groups", 5, "girdisindeki 96 kanal, 5 öbeğe eşit bölünmez"),
        (6, "groups", 7, "Evrişim 4 katmanının girdisindeki 384 kanal, 7 öbeğe"),
    ],
)
def test_a_setting_that_cannot_be_is_explained(layer, setting, value, message):
    with pytest.raises(Problem) as caught:
        measure(changed("alexnet", layer, **{setting: value}))
    assert message in str(caught.value)
    assert (caught.value.layer, caught.value.setting) == (layer, setting)


def test_groups_must_share_the_outgoing_channels_too():
    with pytest.raises(Problem, match="katmanının 257 kanalı, 2 öbeğe eşit bölünmez"):
        measure(changed("alexnet", 3, groups=2, channels=257))


def test_a_window_that_is_larger_than_its_map_says_what_would_fit():
    with pytest.raises(Problem, match="Havuzlama 2 .* 3×3 .* 2×2.*en çok 2 yapın"):
        measure(changed("alexnet", 0, size=28))
    tiny = changed("lenet", 0, size=4)
    tiny["layers"][1]["window"] = 9
    with pytest.raises(Problem, match="9×9 .*dolguyla birlikte 8×8.*en çok 8 yapın"):
        measure(tiny)


# What a reader sees


def texts(value):
    """Return all texts in the data of networks.json."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


def test_labels_and_messages_have_no_wrong_form():
    found = "\n".join(texts(network.SETUP))
    assert "öbeğe" in found
    assert language.wrong_forms(found) == []
