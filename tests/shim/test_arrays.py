"""D2L's array functions give what NumPy gives, in every framework."""

import warnings

import numpy as np
import pytest

from tests.shim.frameworks import NAMES, Framework

X = np.array([[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]], dtype=np.float32)


@pytest.fixture(params=NAMES)
def framework(request):
    return Framework(request.param)


@pytest.fixture
def d2l(framework):
    return framework.d2l


@pytest.fixture
def equal(framework):
    """A function that compares a tensor with a NumPy array, shapes included."""

    def compare(tensor, expected):
        assert tuple(tensor.shape) == np.shape(expected)
        np.testing.assert_allclose(framework.to_numpy(tensor), expected, rtol=1e-5)

    return compare


@pytest.mark.parametrize(
    "name", ["sin", "sinh", "cos", "cosh", "tanh", "exp", "log", "abs"]
)
def test_functions_of_one_number_apply_to_each_element(framework, equal, name):
    function = getattr(framework.d2l, name)
    equal(function(framework.tensor(X)), getattr(np, name)(X))


def test_abs_drops_the_sign(framework, equal):
    equal(framework.d2l.abs(framework.tensor(-X)), X)


def test_arrays_are_made_of_a_shape_or_a_range(d2l, equal):
    equal(d2l.ones((2, 3)), np.ones((2, 3)))
    equal(d2l.zeros((2, 3)), np.zeros((2, 3)))
    equal(d2l.arange(5), np.arange(5))
    equal(d2l.eye(3), np.eye(3))
    equal(d2l.linspace(0.0, 1.0, 5), np.linspace(0, 1, 5))
    equal(d2l.tensor([[1.0, 2.0]]), [[1, 2]])


def test_arrays_are_joined_along_an_old_or_a_new_axis(framework, equal):
    tensor = framework.tensor(X)
    equal(framework.d2l.concat((tensor, tensor), 1), np.concatenate((X, X), 1))
    equal(framework.d2l.stack((tensor, tensor), 1), np.stack((X, X), 1))


def test_matmul_multiplies_matrices(framework, equal):
    tensor = framework.tensor(X)
    equal(framework.d2l.matmul(tensor, framework.d2l.transpose(tensor)), X @ X.T)


def test_arrays_change_their_shape_and_type(framework, equal):
    tensor = framework.tensor(X)
    equal(framework.d2l.reshape(tensor, (-1, 2)), X.reshape(-1, 2))
    equal(framework.d2l.transpose(tensor), X.T)
    as_integers = framework.d2l.astype(tensor, framework.d2l.int32)
    assert framework.to_numpy(as_integers).dtype == np.int32
    equal(as_integers, X.astype(np.int32))


def test_arrays_are_reduced_over_all_axes_or_one(framework, equal):
    tensor = framework.tensor(X)
    assert float(framework.d2l.reduce_sum(tensor)) == X.sum()
    equal(framework.d2l.reduce_sum(tensor, 1), X.sum(1))
    equal(framework.d2l.argmax(tensor, axis=1), X.argmax(1))
    assert framework.d2l.size(tensor) == 6


def test_numpy_takes_an_array_out_of_its_framework(framework):
    array = framework.d2l.numpy(framework.parameter(X))
    assert type(array) is np.ndarray
    np.testing.assert_array_equal(array, X)


def test_to_moves_an_array_to_a_device(framework, equal):
    equal(framework.d2l.to(framework.tensor(X), framework.d2l.try_gpu()), X)


def test_meshgrid_spans_a_grid_without_a_warning(framework, equal):
    x, y = (framework.tensor(np.arange(n, dtype=np.float32)) for n in (2, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        grids = framework.d2l.meshgrid(x, y)
    indexing = "ij" if framework.name == "torch" else "xy"  # as each framework has it
    for grid, expected in zip(
        grids, np.meshgrid(range(2), range(3), indexing=indexing), strict=True
    ):
        equal(grid, expected)


NORMAL = {
    "torch": lambda d2l, size: d2l.normal(1, 2, size),
    "mxnet": lambda d2l, size: d2l.normal(1, 2, size),
    "tensorflow": lambda d2l, size: d2l.normal(size, 1, 2),
}


def test_normal_draws_with_the_given_mean_and_deviation(framework):
    framework.d2l.seed(0)
    drawn = framework.to_numpy(NORMAL[framework.name](framework.d2l, (100, 100)))
    assert drawn.shape == (100, 100)
    assert drawn.mean() == pytest.approx(1, abs=0.1)
    assert drawn.std() == pytest.approx(2, abs=0.1)


def test_rand_draws_between_0_and_1(framework):
    framework.d2l.seed(0)
    shape = [(100, 100)] if framework.name == "tensorflow" else (100, 100)
    drawn = framework.to_numpy(framework.d2l.rand(*shape))
    assert drawn.shape == (100, 100)
    assert 0 <= drawn.min() < 0.01 and 0.99 < drawn.max() <= 1
