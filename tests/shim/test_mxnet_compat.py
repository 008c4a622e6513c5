"""MXNet runs on any NumPy, and nobody but MXNet notices what that takes."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from d2l_shim import mxnet_compat
from tests import policy


def in_fresh_python(code, root):
    """Run code in a new interpreter at the repository's root; return what it prints."""
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


@pytest.fixture
def mxnet():
    """MXNet, with its NumPy interface turned on."""
    policy.require_package("mxnet")
    mxnet = mxnet_compat.import_mxnet()
    mxnet.npx.set_np()
    return mxnet


# What MXNet sees


def sources_of_mxnet():
    """The files of the installed MXNet, found without importing it."""
    policy.require_package("mxnet")
    (folder,) = importlib.util.find_spec("mxnet").submodule_search_locations
    return sorted(Path(folder).rglob("*.py"))


def names_of_numpy(tree):
    """The names that a module gives NumPy, wherever in it they are imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.asname or a.name for a in node.names if a.name == "numpy")


def chains(tree):
    """Every chain of attributes, such as ["np", "random", "rand"], in a module."""
    for node in ast.walk(tree):
        chain = []
        while isinstance(node, ast.Attribute):
            chain.insert(0, node.attr)
            node = node.value
        if chain and isinstance(node, ast.Name):
            yield [node.id, *chain]


def what_mxnet_reads():
    """Every dotted name that MXNet's sources read from NumPy."""
    for path in sources_of_mxnet():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        numpy = set(names_of_numpy(tree))
        yield from (".".join(rest) for first, *rest in chains(tree) if first in numpy)


def has(module, dotted_name):
    """Whether a dotted name leads somewhere from a module."""
    for name in dotted_name.split("."):
        if not hasattr(module, name):
            return False
        module = getattr(module, name)
    return True


@pytest.mark.filterwarnings("ignore")
def test_every_name_that_mxnet_reads_from_numpy_is_there():
    read = set(what_mxnet_reads())
    assert {"bool", "PZERO", "linalg.norm", "random.uniform"} <= read
    numpy = mxnet_compat._numpy_for_mxnet()
    assert sorted(name for name in read if not has(numpy, name)) == []


@pytest.mark.filterwarnings("ignore")
def test_no_name_is_added_that_mxnet_does_not_read(mxnet):
    from mxnet import numpy_dispatch_protocol

    read = {name.split(".")[0] for name in what_mxnet_reads()}
    read.update(numpy_dispatch_protocol._NUMPY_ARRAY_FUNCTION_LIST)
    assert mxnet_compat._removed_names().keys() <= read


@pytest.mark.filterwarnings("ignore")
def test_a_removed_function_does_what_it_did():
    numpy = mxnet_compat._numpy_for_mxnet()
    assert numpy.alltrue([1, 1]) and not numpy.alltrue([1, 0])
    assert numpy.sometrue([1, 0]) and not numpy.sometrue([0, 0])
    assert numpy.in1d([[1, 2]], [2], True).tolist() == [False, True]
    assert numpy.msort([[2, 1], [1, 2]]).tolist() == [[1, 1], [2, 2]]
    assert numpy.product([2, 3]) == 6
    assert numpy.round_(1.26, 1) == 1.3
    assert numpy.trapz([1, 2, 3]) == 4
    assert numpy.bool is bool


def test_a_removed_financial_function_says_where_it_went():
    with pytest.raises(NotImplementedError, match="numpy-financial paketindeki pmt"):
        mxnet_compat._removed_names()["pmt"](0.1, 12, 1000)


def test_versions_compare_by_their_numbers():
    assert mxnet_compat._Version("1.26.4") >= mxnet_compat._Version("1.6.0")
    assert mxnet_compat._Version("2.0.0rc1") >= mxnet_compat._Version("1.17")
    assert not mxnet_compat._Version("1.9") >= mxnet_compat._Version("1.10")


# What everybody else sees


def test_numpy_stays_as_it_is(root):
    policy.require_package("mxnet")
    code = (
        "import types, numpy as np\n"
        "before = dict(vars(np))\n"
        "from d2l_shim import mxnet as d2l\n"
        "from mxnet import np as mx_np\n"
        "mx_np.pad(mx_np.ones((2, 2)), ((1, 1), (1, 1)))\n"
        "changed = [name for name in before if vars(np)[name] is not before[name]]\n"
        # Parts of NumPy itself that somebody has imported are no change.
        "added = [name for name in vars(np) if name not in before\n"
        "         and not isinstance(vars(np)[name], types.ModuleType)]\n"
        "print(changed, added)"
    )
    assert in_fresh_python(code, root) == "[] []"


def test_python_gets_no_distutils_for_others(root):
    policy.require_package("mxnet")
    code = "import sys, d2l_shim.mxnet\nprint('distutils' in sys.modules)"
    assert in_fresh_python(code, root) == "False"


def test_numpy_behaves_beside_mxnet_as_it_does_alone(root):
    policy.require_package("mxnet")
    code = """
import re, warnings
warnings.simplefilter("ignore")
import numpy as np

def outcome(expression):
    try:
        return re.sub('0x[0-9a-f]+', 'address', str(eval(expression)))
    except Exception as error:
        return repr(error)

names = "bool int float_ NaN in1d product round_ trapz compat pmt".split()
print([outcome(f"np.{name}") for name in names])
print(outcome("repr((np.float32(1), np.int64(2)))"))
print(outcome("(np.float32(3) + 3.0).dtype"), outcome("np.array([300]).astype('u1')"))
print(outcome("np.array([1], copy=False)"), outcome("np.uint8(300)"))
"""
    beside_mxnet = "from d2l_shim import mxnet as d2l\n" + code
    assert in_fresh_python(beside_mxnet, root) == in_fresh_python(code, root)


# The import


def test_after_install_mxnet_is_imported_in_any_code_without_a_warning(root, tmp_path):
    policy.require_package("mxnet")
    code = (
        "import sys, warnings\n"
        "from d2l_shim import mxnet_compat\n"
        # Python warns of MXNet's source when it compiles it: let it do so anew.
        f"sys.pycache_prefix = {str(tmp_path)!r}\n"
        "warnings.simplefilter('error')\n"
        "mxnet_compat.install()\n"
        "mxnet_compat.install()\n"
        "print('mxnet' in sys.modules)\n"
        "from mxnet import np\n"
        "print(np.ones(3).sum())"
    )
    assert in_fresh_python(code, root).split() == ["False", "3.0"]


def test_an_import_that_failed_before_does_no_harm(root):
    policy.require_package("mxnet")
    code = (
        "try:\n"
        "    import mxnet\n"
        "except AttributeError:\n"
        "    print('failed')\n"
        "import d2l_shim.mxnet\n"
        "from mxnet import np, npx\n"
        "x = npx.relu(np.pad(np.ones((2, 2)), ((1, 1), (1, 1))))\n"
        "print(x.sum())"
    )
    assert in_fresh_python(code, root).split() == ["failed", "4.0"]


def test_a_missing_mxnet_is_a_clear_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "mxnet", None)
    with pytest.raises(ImportError, match="pip install --no-deps mxnet==1.9.1"):
        mxnet_compat.import_mxnet()


def test_mxnet_computes_on_every_physical_core(monkeypatch):
    monkeypatch.delenv("MXNET_OMP_MAX_THREADS", raising=False)
    monkeypatch.setattr(mxnet_compat.psutil, "cpu_count", lambda logical: 6)
    mxnet_compat._use_every_core()
    assert mxnet_compat.os.environ["MXNET_OMP_MAX_THREADS"] == "6"


def test_a_reader_s_own_number_of_threads_is_respected(monkeypatch):
    monkeypatch.setenv("MXNET_OMP_MAX_THREADS", "1")
    mxnet_compat._use_every_core()
    assert mxnet_compat.os.environ["MXNET_OMP_MAX_THREADS"] == "1"


# What a book on deep learning does with MXNet


def test_a_shape_may_hold_numpy_s_integers(mxnet):
    shape = tuple(np.array([3, 4]))
    x = mxnet.np.arange(12).reshape(shape)
    assert x.transpose(tuple(np.argsort([1, 0]))).shape == (4, 3)
    assert mxnet.np.random.uniform(size=shape).shape == (3, 4)
    assert (mxnet.sym.Variable("x").reshape(shape) + 1).name


def test_arrays_go_to_numpy_and_back(mxnet):
    x = np.arange(6, dtype="float32").reshape(2, 3)
    y = mxnet.np.array(x)
    assert y.asnumpy().tolist() == np.array(y).tolist() == x.tolist()
    assert isinstance(np.sum(y), mxnet.np.ndarray)
    assert (np.add(y, y) == y + y).all()
    assert y[y > 2].tolist() == [3, 4, 5]


def test_parameters_are_saved_and_loaded(mxnet, tmp_path):
    nn = mxnet.gluon.nn
    net, copy = nn.Sequential(), nn.Sequential()
    for network in (net, copy):
        network.add(nn.Dense(2, in_units=3))
    net.initialize(mxnet.init.Xavier())
    net.save_parameters(str(tmp_path / "net.params"))
    copy.load_parameters(str(tmp_path / "net.params"))
    x = mxnet.np.ones((1, 3))
    assert copy(x).tolist() == net(x).tolist()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_data_loader_gives_transformed_batches(root, workers):
    policy.require_package("mxnet")
    # Workers are forks of a process, which should not have every framework's threads.
    code = f"""
import d2l_shim.mxnet
from mxnet import gluon, np
from mxnet.gluon.data.vision import transforms

images = np.full((4, 5, 6, 1), 51, dtype="uint8")
augment = [transforms.RandomFlipLeftRight(), transforms.ToTensor()]
data = gluon.data.ArrayDataset(images, np.arange(4, dtype="int32"))
data = data.transform_first(transforms.Compose(augment))
for X, y in gluon.data.DataLoader(data, 2, num_workers={workers}):
    print(X.shape, y.shape, round(float(X.mean()), 4))
"""
    assert in_fresh_python(code, root).splitlines() == ["(2, 1, 5, 6) (2,) 0.2"] * 2


def test_a_hybridized_network_learns(mxnet):
    autograd, gluon, np = mxnet.autograd, mxnet.gluon, mxnet.np
    mxnet.random.seed(0)
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Conv2D(4, 3), gluon.nn.BatchNorm(), gluon.nn.Dense(2))
    net.initialize()
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    X, y = np.random.normal(size=(8, 1, 5, 5)), np.array([0, 1] * 4)
    losses = []
    for _ in range(20):
        with autograd.record():
            batch_loss = loss(net(X), y)
        batch_loss.backward()
        trainer.step(8)
        losses.append(float(batch_loss.mean()))
    assert losses[-1] < losses[0] / 2
