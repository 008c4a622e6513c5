"""What a test does when something that it needs is missing; what it never touches."""

from pathlib import Path

import pooch
import pytest

NEEDY = 'def test_needy(skip_or_fail):\n    skip_or_fail("araç yok; apt ile kurun")'


@pytest.fixture
def run_needy(pytester, root):
    """Return a function that runs a test which lacks a tool, under our conftest."""
    pytester.makeconftest((root / "tests/conftest.py").read_text("utf-8"))
    pytester.makepyfile(NEEDY)
    return lambda: pytester.runpytest_subprocess("-rs", "-p", "no:nbval")


def test_a_missing_tool_skips_with_its_reason(run_needy, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    result = run_needy()
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*araç yok; apt ile kurun"])


def test_a_missing_tool_fails_in_ci(run_needy, monkeypatch):
    monkeypatch.setenv("CI", "true")
    run_needy().assert_outcomes(failed=1)


def test_the_cache_of_a_test_is_empty_and_its_own(empty_cache):
    assert Path(pooch.os_cache("d2l_shim")).is_relative_to(empty_cache)
    assert list(empty_cache.iterdir()) == []
