"""`python -m d2l_shim run` runs a D2L notebook as it stands, or says why not."""

import ast
import json
import os
import signal
import subprocess
import sys
import time
import tomllib

import nbformat
import pytest

from d2l_shim import notebook_runner
from d2l_shim.__main__ import main
from tests import policy

v4 = nbformat.v4
DIE = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def notebook(tmp_path):
    """Return a function that writes a notebook with these code cells."""

    def make(*sources):
        cells = [v4.new_markdown_cell("# LeNet"), *map(v4.new_code_cell, sources)]
        for cell in cells[1:]:
            cell.outputs = [v4.new_output("stream", text="from an earlier run")]
        path = tmp_path / "lenet.ipynb"
        # D2L's notebooks name a kernel of the machines that they were made for.
        kernel = {
            "name": "conda_pytorch_p36",
            "display_name": "x",
            "language": "python",
        }
        nbformat.write(
            v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path
        )
        return path

    return make


def outputs(path):
    """Return the texts of each code cell's outputs."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [
        ["".join(o.get("text", o.get("ename", ""))) for o in cell["outputs"]]
        for cell in cells
        if cell["cell_type"] == "code"
    ]


def sources(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


# A notebook that runs


LENET = [
    "!pip install git+https://github.com/d2l-ai/d2l-zh@release  # installing d2l",
    "%matplotlib inline\nimport torch\nfrom torch import nn\n"
    "from d2l import torch as d2l",
    "net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))\n"
    "train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size=256)",
    "lr, num_epochs = 0.9, 10\n"
    "d2l.train_ch6(net, train_iter, test_iter, num_epochs, lr, d2l.try_gpu())",
]


def test_a_d2l_notebook_runs_as_it_stands(notebook, synthetic, monkeypatch, capsys):
    policy.require_package("torch")
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")
    path = notebook(*LENET)
    before = path.read_bytes()
    assert main(["run", str(path)]) == 0
    assert path.read_bytes() == before
    result = path.with_name("lenet.ciktili.ipynb")
    assert sources(result) == sources(path)
    assert nbformat.read(result, as_version=4).metadata.kernelspec.name
    cells = nbformat.read(result, as_version=4).cells
    assert cells[1].outputs == []
    kinds = {o.output_type for o in cells[-1].outputs}
    assert "display_data" in kinds and "execute_result" not in kinds
    said = capsys.readouterr().err
    assert "[kod hücresi 1/4, geçen süre 0:0" in said and "atlandı" in said
    assert "kod hücresi 4/4" in said and str(result) in said


def test_the_outputs_go_where_the_reader_wants_them(notebook, tmp_path):
    path = notebook("print('new')")
    assert main(["run", str(path), "--output", str(tmp_path / "out.ipynb")]) == 0
    assert outputs(tmp_path / "out.ipynb") == [["new\n"]]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "lenet.ipynb",
        "out.ipynb",
    ]


def test_the_kernel_works_in_the_notebook_s_folder_with_d2l_in_place(notebook):
    path = notebook("import os, d2l\nprint(os.getcwd(), d2l.__version__)", "sys")
    assert main(["run", str(path)]) == 1  # nothing but what the cells make is there
    (first, second) = outputs(path.with_name("lenet.ciktili.ipynb"))
    assert first == [f"{path.parent} 0.17.6+d2l.shim\n"]
    assert second == ["NameError"]


def test_a_folder_of_data_is_named_from_where_the_command_is_typed(
    notebook, tmp_path, monkeypatch
):
    path = notebook("import os\nprint(os.environ['D2L_SHIM_DATA'])")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("D2L_SHIM_DATA", "data")
    assert main(["run", str(path)]) == 0
    data = tmp_path / "elsewhere" / "data"
    assert outputs(path.with_name("lenet.ciktili.ipynb")) == [[f"{data}\n"]]


# Cells that are left out


@pytest.mark.parametrize(
    "source",
    [
        "!pip install d2l==0.17.6",
        "!pip install --upgrade d2l\n",
        "%pip install -q d2l==1.0.3  # D2L",
        "# Kurulum\n!pip3 install -U mxnet-cu112==1.9.1\n!pip install d2l==0.17.2",
        "!pip install -U mxnet-cu101==1.7.0\n"
        "!pip install git+https://github.com/d2l-ai/d2l-zh@release  # installing d2l",
        "!python -m pip install d2l",
        "!{sys.executable} -m pip install \\\n  --no-deps d2l",
        "!pip install -i https://example.org/simple 'd2l>=0.17'",
    ],
)
def test_a_cell_that_only_installs_d2l_is_recognised(source):
    assert notebook_runner.only_installs_d2l(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# !pip install d2l",
        "!pip install pandas",
        "!pip install d2l syne-tune",
        "!pip install d2l\nimport torch",
        "!pip install d2lbook",
        "!pip uninstall -y d2l",
        "import d2l",
    ],
)
def test_every_other_cell_runs(source):
    assert not notebook_runner.only_installs_d2l(source)


# A notebook that does not run to its end


@pytest.mark.parametrize(
    ("source", "options", "told"),
    [
        ("1 / 0", [], "hata verdi (ZeroDivisionError: division by zero)"),
        ("import time; time.sleep(60)", ["--timeout", "1"], "1 saniyede bitmedi"),
        (DIE, [], "çekirdeği kapattı (SIGKILL"),
    ],
)
def test_a_failure_is_one_message_and_keeps_the_outputs(
    source, options, told, notebook, capfd
):
    path = notebook("print('kept')", source, "print('never')")
    assert main(["run", str(path), *options]) == 1
    result = path.with_name("lenet.ciktili.ipynb")
    first, _, last = outputs(result)
    assert first == ["kept\n"] and last == []
    message = capfd.readouterr().err.splitlines()[-1]
    assert message.startswith(f"{path}: 2. kod hücresi {told}")
    assert message.endswith(f"Buraya kadarki çıktılar: {result}")


STUBBORN = """import time
print('running', flush=True)
open('running', 'w').close()
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        print('told', flush=True)
        {then}"""


@pytest.mark.parametrize(
    ("then", "times"), [("break", 1), ("raise", 1), ("open('told', 'w').close()", 2)]
)
def test_an_interruption_lets_the_cell_end_first_and_then_does_not_wait(
    then, times, notebook, root, wait_for
):
    path = notebook(STUBBORN.format(then=then), "print('never')")
    command = [sys.executable, "-m", "d2l_shim", "run", str(path)]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) as run:
        for mark in ["running", "told"][:times]:
            wait_for(path.with_name(mark), run)
            run.send_signal(signal.SIGINT)
        message = run.stderr.read().splitlines()[-1]
    assert run.returncode == 1
    assert message.startswith(f"{path}: 1. kod hücresinde kesildi.")
    first, last = outputs(path.with_name("lenet.ciktili.ipynb"))
    assert first[0].startswith("running\n") and last == []


@pytest.fixture
def wait_for():
    """Return a function that waits until a running program has made a file."""

    def wait(path, process, seconds=120):
        deadline = time.monotonic() + seconds
        while not path.exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)

    return wait


def test_the_source_is_never_written_over(notebook, capsys):
    path = notebook("print('new')")
    before = path.read_bytes()
    assert main(["run", str(path), "--output", str(path)]) == 1
    assert path.read_bytes() == before
    assert "defterin kendisi" in capsys.readouterr().err


def test_a_place_that_can_not_be_written_is_known_before_anything_runs(
    notebook, tmp_path, capsys
):
    path = notebook("print('new')")
    output = tmp_path / "no such folder" / "out.ipynb"
    assert main(["run", str(path), "--output", str(output)]) == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert message.startswith(f"{output}: böyle bir dosya ya da klasör yok")


def test_an_earlier_result_stays_whole_if_writing_fails(notebook, monkeypatch):
    path = notebook("print('new')")
    assert main(["run", str(path)]) == 0
    result = path.with_name("lenet.ciktili.ipynb")
    before = result.read_bytes()
    monkeypatch.setattr(os, "replace", _fail_to_replace)
    assert main(["run", str(path)]) == 1
    assert result.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [result, path]


def _fail_to_replace(source, target):
    raise OSError(28, "No space left on device", source, None, target)


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "print('a program')", '"text"'])
def test_a_file_that_is_no_notebook_is_refused(text, tmp_path, capsys):
    path = tmp_path / "lenet.ipynb"
    path.write_text(text)
    assert main(["run", str(path)]) == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert message.startswith(f"{path}: bir Jupyter defteri değil")


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["run", str(tmp_path / "lenet.ipynb")]) == 1
    assert "lenet.ipynb: böyle bir dosya" in capsys.readouterr().err


def test_a_package_that_running_needs_is_named(root):
    code = (
        "import sys; sys.modules['nbclient'] = None\n"
        "from d2l_shim.__main__ import main; sys.exit(main(['run', 'lenet.ipynb']))"
    )
    command = [sys.executable, "-c", code]
    process = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert process.returncode == 1
    assert "pip install ipykernel nbclient nbformat" in process.stderr
    assert len(process.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["run"], ["run", "a", "--timeout", "0"]])
def test_a_wrong_call_gets_the_usage(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "kullanım: python -m d2l_shim" in capsys.readouterr().err


def test_the_extra_of_that_name_brings_what_running_needs(root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    tree = ast.parse((root / "d2l_shim" / "notebook_runner.py").read_text("utf-8"))
    modules = [
        name.split(".")[0]
        for node in tree.body
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [])
        + ([each.name for each in node.names] if isinstance(node, ast.Import) else [])
    ]
    foreign = set(modules) - sys.stdlib_module_names - {"d2l_shim"}
    assert foreign == set(project["optional-dependencies"]["notebook"])
