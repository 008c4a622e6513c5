"""The runs with other versions: what they install, and what they report."""

import other_versions
import pytest

COLAB = """\
# Do not modify this file directly
matplotlib==3.10.0
numpy==2.0.2
scikit_learn==1.6.1
google-colab @ file:///colabtools/dist/google-colab-1.0.0.tar.gz
torch @ https://example.org/whl/cu126/torch-2.9.0%2Bcu126-cp312-cp312-linux_x86_64.whl
"""


@pytest.fixture
def freeze(tmp_path):
    """A list as Colab publishes it."""
    path = tmp_path / "pip-freeze.txt"
    path.write_text(COLAB)
    return path


def test_colab_s_versions_are_read_from_its_list(freeze):
    found = other_versions.versions_in(freeze)
    assert found["numpy"] == "2.0.2"
    assert found["scikit-learn"] == "1.6.1"
    assert found["torch"] == "2.9.0"


def test_what_colab_lacks_comes_in_its_locked_version(freeze):
    asked = other_versions.wanted("notebook", freeze)
    locked = other_versions.versions_in(other_versions.CONSTRAINTS)
    assert "torch==2.9.0" in asked and "numpy==2.0.2" in asked
    assert f"pooch=={locked['pooch']}" in asked
    assert f"nbval=={locked['nbval']}" in asked
    assert not any(x.startswith("mxnet") for x in asked)


def test_the_newest_run_pins_nothing_but_the_line_of_jupyter_book(freeze):
    asked = other_versions.wanted("book", None)
    assert {"torch", "tensorflow", "matplotlib"} <= set(asked)
    assert [x for x in asked if set("<=>") & set(x)] == ["jupyter-book<2"]


RESULTS = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_good"/>
<testcase classname="tests.a" name="test_bad"><failure/></testcase>
<testcase classname="tests.b" name="test_broken"><error/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs `newest` with a pytest and a pip that answer."""
    monkeypatch.setattr(other_versions, "FOLDER", tmp_path)
    monkeypatch.setattr(other_versions, "make_environment", lambda kind, _: "python")

    def pytest_runs(command, **_):
        (tmp_path / "newest.xml").write_text(RESULTS)
        return 1

    def pip_freezes(command, **_):
        return "numpy==99.0\npooch==1.9.0\nunheard-of==1\n"

    monkeypatch.setattr(other_versions.subprocess, "call", pytest_runs)
    monkeypatch.setattr(other_versions.subprocess, "check_output", pip_freezes)

    def run():
        report = tmp_path / "report.md"
        return other_versions.main("newest", report), report.read_text("utf-8")

    return run


def test_the_report_names_failed_tests_and_the_versions_that_differ(run):
    status, report = run()
    assert status == 1
    assert "2 test kaldı" in report
    assert "- `tests.a: test_bad`" in report and "test_good" not in report
    assert "| numpy | " in report and " | 99.0 |" in report
    assert "pooch" not in report and "unheard-of" not in report


def test_an_environment_that_cannot_be_made_is_reported_as_well(run, monkeypatch):
    def fail(kind, requirements):
        raise OSError("disk dolu")

    monkeypatch.setattr(other_versions, "make_environment", fail)
    status, report = run()
    assert status == 1
    assert "Ortam kurulamadı: disk dolu" in report
