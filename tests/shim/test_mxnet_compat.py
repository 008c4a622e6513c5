"""What MXNet needs to run today is added, and nothing else is touched."""

import subprocess
import sys

import numpy as np
import pytest

from d2l_shim import mxnet_compat


def in_fresh_python(code, root, **environment):
    """Run code in a new interpreter at the repository's root; return what it prints."""
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env=environment or None,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def test_missing_names_are_added(monkeypatch):
    for name in ("bool", "alltrue", "in1d", "PZERO", "trapz"):
        monkeypatch.delattr(np, name, raising=False)
    monkeypatch.setattr(np, "trapezoid", sum, raising=False)
    mxnet_compat.install()
    assert np.bool is bool
    assert np.alltrue([1, 1]) and not np.alltrue([1, 0])
    assert np.in1d([[1, 2]], [2]).tolist() == [False, True]
    assert np.trapz is np.trapezoid


def test_names_that_exist_stay_as_they_are(monkeypatch):
    monkeypatch.setattr(np, "product", "NumPy's own", raising=False)
    mxnet_compat.install()
    assert np.product == "NumPy's own"


def test_a_removed_financial_function_says_where_it_went():
    replacement = mxnet_compat._removed_names()["pmt"]()
    with pytest.raises(NotImplementedError, match="numpy-financial paketindeki pmt"):
        replacement(0.1, 12, 1000)


def test_numpy_is_left_alone_until_mxnet_is_asked_for(root):
    code = (
        "import numpy as np\n"
        "before = set(vars(np))\n"
        "import d2l_shim.torch\n"
        "print(sorted({'bool', 'pmt'} & (set(vars(np)) - before)))"
    )
    assert in_fresh_python(code, root) == "[]"


def test_versions_compare_where_python_has_no_distutils():
    assert mxnet_compat._Version("1.26.4") >= mxnet_compat._Version("1.6.0")
    assert mxnet_compat._Version("2.0.0rc1") > mxnet_compat._Version("1.17")
    assert not mxnet_compat._Version("1.9") > mxnet_compat._Version("1.10")


def test_distutils_is_provided_only_where_it_is_missing(monkeypatch):
    monkeypatch.delitem(sys.modules, "distutils", raising=False)
    monkeypatch.delitem(sys.modules, "distutils.version", raising=False)
    monkeypatch.setattr(mxnet_compat.importlib.util, "find_spec", lambda name: None)
    mxnet_compat._provide_distutils()
    from distutils.version import LooseVersion

    assert LooseVersion is mxnet_compat._Version


def test_mxnet_computes_on_every_physical_core(monkeypatch):
    monkeypatch.delenv("MXNET_OMP_MAX_THREADS", raising=False)
    monkeypatch.setattr(mxnet_compat.psutil, "cpu_count", lambda logical: 6)
    mxnet_compat._use_every_core()
    assert mxnet_compat.os.environ["MXNET_OMP_MAX_THREADS"] == "6"


def test_a_reader_s_own_number_of_threads_is_respected(monkeypatch):
    monkeypatch.setenv("MXNET_OMP_MAX_THREADS", "1")
    mxnet_compat._use_every_core()
    assert mxnet_compat.os.environ["MXNET_OMP_MAX_THREADS"] == "1"


def test_a_missing_mxnet_is_a_clear_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "mxnet", None)
    with pytest.raises(ImportError, match="pip install mxnet==1.9.1"):
        mxnet_compat.import_mxnet()
