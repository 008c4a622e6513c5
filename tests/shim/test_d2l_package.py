"""After `install()`, `import d2l` gives the shim; what is missing explains itself."""

import importlib
import re
import subprocess
import sys

import pytest

import d2l_shim
from d2l_shim import d2l_names, d2l_package, missing, mxnet_compat
from tests import policy

FRAMEWORKS = ("mxnet", "tensorflow", "torch")
INSTALL = "import d2l_shim; d2l_shim.install()\n"


def is_d2l(module):
    return module.partition(".")[0] == "d2l" or module.startswith("_real_d2l")


@pytest.fixture
def clean(monkeypatch):
    """Undo after the test what it did to Python's imports of d2l."""
    mxnet_compat.install()
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in list(filter(is_d2l, sys.modules)):
        del sys.modules[name]


@pytest.fixture
def installed(clean):
    d2l_shim.install()


@pytest.fixture
def d2l(installed):
    """What ``from d2l import torch as d2l`` gives."""
    policy.require_package("torch")
    return importlib.import_module("d2l.torch")


@pytest.fixture
def real_d2l(tmp_path, monkeypatch):
    """Return a function that puts a package d2l on the path; it takes its torch.py."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(source):
        (tmp_path / "d2l").mkdir()
        (tmp_path / "d2l" / "__init__.py").touch()
        (tmp_path / "d2l" / "torch.py").write_text(source)

    return make


def run_python(code, root):
    """Run code in a fresh interpreter at the repository's root; return what it says."""
    process = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout + process.stderr


# What is imported when


def test_installing_imports_no_framework(root):
    code = f"{INSTALL}import d2l, sys; print(*({set(FRAMEWORKS)} & set(sys.modules)))"
    assert run_python(code, root) == "\n"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_importing_one_framework_imports_no_other(framework, root):
    policy.require_package(framework)
    code = (
        f"{INSTALL}from d2l import {framework} as d2l\n"
        f"import sys; print(*({set(FRAMEWORKS)} & set(sys.modules)))"
    )
    assert run_python(code, root) == f"{framework}\n"


def test_mxnet_can_be_imported_before_d2l_as_its_notebooks_do(root):
    policy.require_package("mxnet")
    code = (
        f"{INSTALL}from mxnet import np, npx\nfrom d2l import mxnet as d2l\n"
        "npx.set_np(); print(d2l.reduce_sum(d2l.ones(3)))"
    )
    assert run_python(code, root) == "3.0\n"


def test_installing_twice_is_installing_once(clean):
    d2l_shim.install()
    finders, package = list(sys.meta_path), importlib.import_module("d2l")
    d2l_shim.install()
    assert sys.meta_path == finders
    assert importlib.import_module("d2l") is package


# The modules


@pytest.mark.parametrize(
    "statement",
    [
        "from d2l import torch as d2l",
        "import d2l.torch as d2l",
        "import d2l.torch; d2l = d2l.torch",
        "import d2l; d2l = d2l.torch",
    ],
)
def test_every_way_of_importing_gives_the_same_module(statement, d2l):
    namespace = {}
    exec(statement, namespace)
    assert namespace["d2l"] is d2l


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_module_has_the_shim_s_names_but_for_train_ch6(framework, installed):
    policy.require_package(framework)
    module = importlib.import_module(f"d2l.{framework}")
    shim = importlib.import_module(f"d2l_shim.{framework}")
    different = [n for n in shim.__all__ if getattr(module, n) is not getattr(shim, n)]
    assert different == ["train_ch6"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_train_ch6_returns_what_d2l_s_returns(framework):
    class History:
        net = "the trained network"

    train = d2l_package._like_d2l(lambda *args, **kwargs: History, framework)
    returned = train("net", "train_iter", "test_iter", 1, lr=0.1)
    assert returned == (History.net if framework == "tensorflow" else None)


def test_a_star_gives_the_names_and_the_libraries_as_d2l_s_does(d2l):
    namespace = {}
    exec("from d2l.torch import *", namespace)
    assert namespace["train_ch6"] is d2l.train_ch6
    assert {"np", "nn", "torch", "plt", "os", "math"} <= namespace.keys()


def test_what_code_assigns_stays_in_its_module(d2l):
    shim = importlib.import_module("d2l_shim.torch")
    original = shim.train_ch3
    d2l.train_ch3 = "my own"
    assert importlib.import_module("d2l.torch").train_ch3 == "my own"
    assert shim.train_ch3 is original


def test_what_code_adds_to_data_hub_is_known_to_download(d2l, monkeypatch):
    shim = importlib.import_module("d2l_shim.torch")
    monkeypatch.setitem(d2l.DATA_HUB, "mine", ("http://127.0.0.1/mine", "0" * 40))
    assert shim.DATA_HUB["mine"] == ("http://127.0.0.1/mine", "0" * 40)


def test_a_framework_that_is_not_there_is_named(clean, monkeypatch):
    d2l_shim.install()
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in [n for n in sys.modules if n.startswith("d2l_shim.torch")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ImportError, match=r"torch paketi gerekli.*pip install torch"):
        importlib.import_module("d2l.torch")


# Beside a real d2l


def test_a_real_d2l_that_was_imported_before_makes_room(clean, real_d2l):
    policy.require_package("torch")
    real_d2l("mine = 1")
    assert importlib.import_module("d2l.torch").mine == 1
    d2l_shim.install()
    assert importlib.import_module("d2l.torch").train_ch6
    assert importlib.import_module("d2l").__version__ == d2l_package.VERSION


def test_a_name_that_is_left_out_comes_from_the_real_d2l(d2l, real_d2l):
    real_d2l(
        "import sys\nd2l = sys.modules[__name__]\n"
        "def tokenize(): return 'real'\ndef Vocab(): return d2l.tokenize()\n"
        "def train_ch6(): return 'real'\n"
    )
    assert d2l.Vocab() == "real"
    assert d2l.train_ch6.__module__ == "d2l_shim.torch.trainer"
    assert sys.modules["d2l.torch"] is d2l


def test_the_shim_s_own_module_uses_the_real_d2l_as_well(clean, real_d2l):
    policy.require_package("torch")
    real_d2l("def Vocab(): return 'real'")
    assert importlib.import_module("d2l_shim.torch").Vocab() == "real"
    assert "d2l" not in sys.modules


def test_a_name_that_the_installed_d2l_lacks_says_which_has_it(d2l, real_d2l):
    real_d2l("")
    with pytest.raises(AttributeError, match=r"pip install --no-deps d2l==1\.0\.3"):
        d2l.Module  # noqa: B018


def test_a_package_that_the_real_d2l_lacks_is_named(d2l, real_d2l):
    real_d2l("import no_such_package")
    with pytest.raises(AttributeError, match="pip install no_such_package"):
        d2l.Vocab  # noqa: B018
    assert "_real_d2l_torch" not in sys.modules


def test_whatever_else_stops_the_real_d2l_is_quoted(d2l, real_d2l):
    real_d2l("raise RuntimeError('operator nms does not exist')")
    with pytest.raises(AttributeError, match="RuntimeError: operator nms does not"):
        d2l.Vocab  # noqa: B018


# Names that are missing


def told(framework, name):
    """Return what a reader is told who asks for a name that is not to be had."""
    with pytest.raises(AttributeError) as caught:
        missing.get(framework, name)
    return str(caught.value)


@pytest.fixture
def no_real_d2l(monkeypatch):
    monkeypatch.setattr(missing, "_file_of_real_d2l", lambda framework: None)


def test_a_name_that_is_left_out_says_where_it_is_why_and_what_to_do(no_real_d2l):
    text = told("torch", "Vocab")
    for part in (
        *("d2l.Vocab", "0.17.6'da ve 1.0.3'te", "MXNet, PyTorch, TensorFlow"),
        *("metin için değil", "pip install --no-deps d2l==0.17.6"),
        "https://classic.d2l.ai/chapter_recurrent-neural-networks/",
    ):
        assert part in text


def test_a_name_of_the_newer_edition_asks_for_that_edition(no_real_d2l):
    text = told("torch", "HPOTrainer")
    assert "1.0.3'te (PyTorch)" in text and "d2l==1.0.3" in text
    assert "https://d2l.ai/chapter_hyperparameter-optimization/" in text


def test_a_private_name_that_d2l_s_notebooks_call_is_explained_too(no_real_d2l):
    assert "D2L 0.17.6'da" in told("torch", "_get_batch_loss_bert")


def test_a_name_of_other_frameworks_says_of_which():
    assert "yalnız MXNet için" in told("torch", "BPRLoss")


def test_a_name_that_d2l_never_had_gets_its_closest_neighbours():
    assert "train_ch6" in told("torch", "trian_ch6")
    assert "Yazımını denetleyin" in told("torch", "xyzzy")


def test_python_adds_no_suggestion_of_its_own(root):
    policy.require_package("torch")
    code = f"{INSTALL}from d2l import torch as d2l\nd2l.trian_ch6"
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.stderr.rstrip().endswith("?")
    assert "Did you mean" not in process.stderr


def test_a_library_that_d2l_passes_on_is_the_library_itself():
    import matplotlib.pyplot

    assert missing.get("torch", "plt") is matplotlib.pyplot


def test_a_library_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert told("torch", "pd").endswith("pip install pandas")
    assert "pd" not in d2l_package._installed_libraries("torch")


@pytest.mark.parametrize("module", ["jax", "paddle"])
def test_a_framework_that_the_shim_does_not_have_is_refused(module, installed):
    with pytest.raises(ImportError, match=f"d2l.{module} burada yok"):
        importlib.import_module(f"d2l.{module}")


@pytest.mark.parametrize(
    "statement", ["from d2l import Vocab", "import d2l; d2l.Vocab"]
)
def test_a_name_asked_of_the_package_leads_to_the_frameworks(statement, installed):
    with pytest.raises((ImportError, AttributeError), match="from d2l import torch as"):
        exec(statement, {})


def test_importing_a_name_from_a_module_explains_itself_as_well(d2l, no_real_d2l):
    with pytest.raises(ImportError, match="metin için değil"):
        exec("from d2l.torch import Vocab", {})


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_name_that_is_left_out_has_its_reason_and_its_page(
    framework, no_real_d2l
):
    for name in d2l_names.table().keys() - d2l_names.here(framework):
        known = d2l_names.table()[name]
        text = told(framework, name)
        assert f"d2l.{name}" in text
        if known.edition_for(framework):
            assert f", ama {known.group.why}. " in text and known.address() in text


# What the book and the README say of it


def examples(path):
    """Return the plain Python examples of a Markdown file that install the shim."""
    found = re.findall(r"(?ms)^```python\n(.*?)^```$", path.read_text("utf-8"))
    return [code for code in found if "install()" in code and "%pip" not in code]


@pytest.mark.parametrize("page", ["chapters/d2l.md", "README.md"])
def test_the_example_of_a_page_runs(page, root, synthetic):
    policy.require_package("torch")
    (code,) = examples(root / page)
    run_python(code, root)


def test_the_page_quotes_the_message_for_a_missing_name(root, no_real_d2l):
    page = (root / "chapters" / "d2l.md").read_text("utf-8")
    assert f"AttributeError: {told('torch', 'Vocab')} ```" in " ".join(page.split())
