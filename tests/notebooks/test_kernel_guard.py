"""What happens to a notebook under test: same, changed, failing, dying, hanging."""

import time

import nbformat
import pytest
from nbformat import v4

from tests.notebooks import kernel_guard

SAME = "print((1, 96, 54, 54))", "(1, 96, 54, 54)\n"
LATER = "print('later')", "later\n"


@pytest.fixture
def run_notebook(pytester, root, monkeypatch):
    """Return a function that runs cells, given as (source, stored text), under nbval.

    It returns the result of pytest and the seconds that it took.
    """

    def run(*cells, tags=(), timeout=120, mark=None):
        made = notebook(cells, list(tags))
        made.metadata |= {"framework_tabs": mark} if mark else {}
        nbformat.write(made, pytester.path / "book.ipynb")
        monkeypatch.setenv("PYTHONPATH", str(root))
        started = time.monotonic()
        result = pytester.runpytest_subprocess(
            *("-p", "tests.notebooks.kernel_guard", "--nbval", "--nbval-current-env"),
            *(f"--nbval-cell-timeout={timeout}", "--color=no", "book.ipynb"),
        )
        return result, time.monotonic() - started

    return run


def notebook(cells, tags):
    """Return a notebook of executed cells; the first one carries the tags."""
    made = v4.new_notebook()
    for number, (source, text) in enumerate(cells, start=1):
        outputs = [v4.new_output("stream", name="stdout", text=text)] if text else []
        cell = v4.new_code_cell(source, outputs=outputs, execution_count=number)
        made.cells.append(cell)
    made.cells[0].metadata["tags"] = tags
    return made


def test_cells_that_print_what_is_stored_pass(run_notebook):
    result, _ = run_notebook(SAME, LATER)
    result.assert_outcomes(passed=2)


def test_one_changed_shape_fails_its_cell_only(run_notebook):
    result, _ = run_notebook((SAME[0], "(1, 96, 55, 54)\n"), LATER)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Cell outputs differ*"])


def test_a_tagged_cell_is_executed_but_not_compared(run_notebook):
    changed = SAME[0], "(1, 96, 55, 54)\n"
    run_notebook(changed, tags=["nbval-ignore-output"])[0].assert_outcomes(passed=1)
    failing = "1 / 0", ""
    run_notebook(failing, tags=["nbval-ignore-output"])[0].assert_outcomes(failed=1)


def test_a_loss_that_is_not_a_number_fails_the_check_after_training(run_notebook):
    train = "loss = float('inf') - float('inf')", ""
    check = "import math\nassert math.isfinite(loss)", ""
    result, _ = run_notebook(train, check)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*AssertionError*"])


def test_a_line_that_ends_in_a_semicolon_shows_nothing(run_notebook):
    cells = ("1 + 1;", ""), ("x = 2;  # so\nx;", ""), LATER
    run_notebook(*cells)[0].assert_outcomes(passed=3)


def test_a_notebook_of_the_book_runs_in_the_folder_of_its_page(run_notebook, pytester):
    folder = pytester.path / "part" / "deep"
    folder.mkdir(parents=True)
    (folder / "page.md").touch()
    (folder / "data.txt").write_text("beside the page")
    read = "print(open('data.txt').read())", "beside the page\n"
    mark = {"source": "part/deep/page.md"}
    run_notebook(read, mark=mark)[0].assert_outcomes(passed=1)
    run_notebook(read)[0].assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("fatal", "reason"),
    [
        ("import os\nos._exit(3)", "*çıkış kodu 3*"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "*SIGKILL*"),
    ],
    ids=["exit", "killed"],
)
def test_a_dead_kernel_fails_its_cell_and_all_later_ones_at_once(
    run_notebook, fatal, reason
):
    result, seconds = run_notebook(SAME, (fatal, ""), LATER, LATER, timeout=600)
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines([reason, "*Çalıştırılmadı*1. kod hücresi*"])
    assert seconds < 60


def test_a_kernel_that_dies_after_its_answer_fails_the_next_cell(run_notebook):
    after = "import os, threading\nthreading.Timer(0.5, os._exit, [4]).start()", ""
    wait = "import time\ntime.sleep(600)", ""
    result, seconds = run_notebook(after, wait, LATER, timeout=600)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*çıkış kodu 4*"])
    assert seconds < 60


STUBBORN = """import time
while True:
    try:
        time.sleep(0.2)
        print("x")
    except KeyboardInterrupt:
        pass"""
GIVES_IN = """import time
try:
    time.sleep(600)
except KeyboardInterrupt:
    pass"""


@pytest.mark.parametrize(
    "slow",
    ["import time\ntime.sleep(600)", STUBBORN, GIVES_IN],
    ids=["asleep", "swallows the interrupt", "gives in to the interrupt"],
)
def test_a_timeout_fails_its_cell_and_all_later_ones(run_notebook, slow):
    result, seconds = run_notebook((slow, ""), LATER, LATER, timeout=3)
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*hücre 3 saniyede bitmedi*", "*Çalıştırılmadı*"])
    assert seconds < 90


def test_notebooks_get_the_smoke_budget_and_existing_data(run_notebook, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    monkeypatch.setenv("D2L_SHIM_DATA", "synthetic")
    names = "'D2L_SHIM_BUDGET', 'D2L_SHIM_DATA'"
    source = f"import os\nprint(*map(os.environ.get, [{names}]))"
    run_notebook((source, "smoke synthetic\n"))[0].assert_outcomes(passed=1)


def test_a_notebook_of_a_missing_framework_is_skipped_and_fails_in_ci(
    run_notebook, monkeypatch, pytester
):
    pytester.makeconftest(
        "from tests.notebooks import kernel_guard\n"
        "kernel_guard.packages_of = lambda notebook: ['no-such-framework']"
    )
    monkeypatch.setenv("CI", "")
    run_notebook(SAME, LATER)[0].assert_outcomes(skipped=2)
    monkeypatch.setenv("CI", "true")
    run_notebook(SAME, LATER)[0].assert_outcomes(errors=2)


def test_the_packages_of_a_notebook_are_those_that_the_book_configures():
    mxnet = v4.new_notebook(metadata={"framework_tabs": {"framework": "mxnet"}})
    assert "mxnet" in kernel_guard.packages_of(mxnet)
    assert kernel_guard.packages_of(v4.new_notebook()) == ()
