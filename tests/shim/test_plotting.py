"""Curves and image grids take what D2L's code gives them, from any framework."""

import warnings

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from d2l_shim import plotting
from tests.shim.frameworks import NAMES, Framework


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture(params=[None, *NAMES])
def to_tensor(request):
    """A function from arrays to tensors of a framework, or to themselves."""
    if request.param is None:
        return np.asarray
    framework = Framework(request.param)
    return framework.parameter if request.param == "torch" else framework.tensor


def curves(axes):
    return [line.get_xydata().tolist() for line in axes.lines]


def test_plot_draws_one_curve(to_tensor):
    plotting.plot(to_tensor([0.0, 1.0, 2.0]), to_tensor([3.0, 4.0, 5.0]))
    assert curves(plt.gca()) == [[[0, 3], [1, 4], [2, 5]]]


def test_plot_draws_several_curves_over_the_same_abscissas(to_tensor):
    x, y = to_tensor([0.0, 1.0]), to_tensor([2.0, 3.0])
    plotting.plot(x, [y, y + 1], "x", "f(x)", legend=["f", "g"], figsize=(5, 2.5))
    axes = plt.gca()
    assert curves(axes) == [[[0, 2], [1, 3]], [[0, 3], [1, 4]]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "f(x)")
    assert [text.get_text() for text in axes.get_legend().texts] == ["f", "g"]
    assert plt.rcParams["figure.figsize"] == [5, 2.5]


def test_plot_takes_curves_as_the_rows_of_a_matrix(to_tensor):
    plotting.plot(to_tensor([[0.0, 1.0], [2.0, 3.0]]), to_tensor([[1.0, 1.0]] * 2))
    assert curves(plt.gca()) == [[[0, 1], [1, 1]], [[2, 1], [3, 1]]]


def test_plot_counts_points_where_there_are_only_ordinates():
    plotting.plot([[3, 4], [5, 6, 7]])
    assert curves(plt.gca()) == [[[0, 3], [1, 4]], [[0, 5], [1, 6], [2, 7]]]
    plotting.plot([3, 4])
    assert curves(plt.gca()) == [[[0, 3], [1, 4]]]


def test_plot_draws_more_curves_than_there_are_styles():
    plotting.plot([0, 1], [[i, i] for i in range(6)])
    assert len(plt.gca().lines) == 6


def test_plot_uses_the_axes_it_is_given_and_wipes_them():
    _, axes = plt.subplots(1, 2)
    axes[0].plot([9, 9])
    plotting.plot([0, 1], [2, 3], xlim=[0, 1], yscale="log", axes=axes[0])
    assert curves(axes[0]) == [[[0, 2], [1, 3]]]
    assert (axes[0].get_xlim(), axes[0].get_yscale()) == ((0, 1), "log")
    assert not axes[1].lines


def test_set_axes_leaves_out_what_is_none():
    axes = plt.figure().gca()
    axes.plot([0, 1])
    limits = axes.get_xlim(), axes.get_ylim()
    plotting.set_axes(axes, None, None, None, None, "linear", "linear", None)
    assert (axes.get_xlim(), axes.get_ylim()) == limits
    assert (axes.get_xlabel(), axes.get_legend()) == ("", None)


def test_equal_limits_are_no_limits():
    """One epoch gives ``xlim=[1, num_epochs]`` twice the same number."""
    axes = plt.figure().gca()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plotting.set_axes(axes, "x", "y", [1, 1], (0, 0), "linear", "linear", [])
    assert axes.get_xlim() == (0, 1)


def test_limits_may_be_arrays():
    axes = plt.figure().gca()
    limits = np.array([0, 2])
    plotting.set_axes(axes, "x", "y", limits, limits, "linear", "linear", None)
    assert axes.get_xlim() == axes.get_ylim() == (0, 2)


def test_a_legend_names_points_where_there_are_no_lines():
    axes = plt.figure().gca()
    axes.scatter([0], [0])
    plotting.set_axes(axes, "x", "y", None, None, "linear", "linear", ["real"])
    assert [text.get_text() for text in axes.get_legend().texts] == ["real"]


def test_the_animator_adds_a_point_to_each_curve_that_gets_one(to_tensor):
    animator = plotting.Animator("epoch", legend=["loss", "accuracy"], xlim=[1, 2])
    animator.add(1, (to_tensor(0.5), None))
    animator.add(2, (to_tensor(0.25), 1))
    assert animator.X == [[1, 2], [2]]
    assert animator.Y == [[0.5, 0.25], [1]]
    assert curves(animator.axes[0]) == [[[1, 0.5], [2, 0.25]], [[2, 1]]]
    assert animator.axes[0].get_xlim() == (1, 2)


def test_the_animator_takes_one_number_or_an_abscissa_a_curve():
    animator = plotting.Animator("epoch", "test acc")
    animator.add(1, 0.5)
    assert animator.Y[0][-1] == 0.5
    animator = plotting.Animator()
    animator.add((1, 2), (3, 4))
    assert animator.X == [[1], [2]]


def test_the_animator_leaves_its_other_axes_to_the_caller():
    animator = plotting.Animator(nrows=2, figsize=(5, 5), ylabel="loss")
    animator.fig.subplots_adjust(hspace=0.3)
    animator.axes[1].scatter([0], [0])
    animator.add(1, 2)
    assert animator.axes[1].collections
    animator.axes[0].cla()
    animator.config_axes()
    assert animator.axes[0].get_ylabel() == "loss"


def test_images_are_shown_in_a_grid_with_their_titles(to_tensor):
    axes = plotting.show_images(
        to_tensor(np.zeros((3, 4, 5), dtype=np.float32)), 2, 2, titles=["a", "b", "c"]
    )
    assert [axis.get_title() for axis in axes] == ["a", "b", "c", ""]
    assert [len(axis.images) for axis in axes] == [1, 1, 1, 0]


def test_images_may_have_a_channel_or_three_or_come_from_pillow():
    grey = np.zeros((1, 4, 5), dtype=np.float32)
    colour = np.zeros((4, 5, 3), dtype=np.uint8)
    pillow = Image.fromarray(colour)
    axes = plotting.show_images([grey, grey[0][..., None], colour, pillow], 1, 4)
    shapes = [axis.images[0].get_array().shape for axis in axes]
    assert shapes == [(4, 5), (4, 5), (4, 5, 3), (4, 5, 3)]


def test_a_grid_of_one_image_is_an_array_of_axes_as_well():
    assert len(plotting.show_images([np.zeros((4, 5))], 1, 1)) == 1
