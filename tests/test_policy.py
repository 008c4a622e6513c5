"""What a test does when something that it needs is missing; what it never touches."""

from pathlib import Path

import pooch
import pytest

NEEDY = """
from tests import policy

def test_needy():
    policy.skip_or_fail("araç yok; apt ile kurun")

def test_of_a_framework():
    policy.require_package("no-such-framework")

def test_of_pytest():
    policy.require_package("pytest")
"""


@pytest.fixture
def run_needy(pytester, root, monkeypatch):
    """Return a function that runs two tests that lack something, and one that does not.

    Its argument is the value of the variable CI.
    """
    monkeypatch.setenv("PYTHONPATH", str(root))
    pytester.makepyfile(NEEDY)

    def run(ci):
        monkeypatch.setenv("CI", ci)
        return pytester.runpytest_subprocess("-rs", "-p", "no:nbval")

    return run


def test_what_is_missing_is_skipped_with_the_reason(run_needy):
    result = run_needy(ci="")
    result.assert_outcomes(skipped=2, passed=1)
    result.stdout.fnmatch_lines(["*araç yok; apt ile kurun", "*pip install no-such*"])


def test_what_is_missing_fails_in_ci(run_needy):
    run_needy(ci="true").assert_outcomes(failed=2, passed=1)


def test_the_cache_of_a_test_is_empty_and_its_own(empty_cache):
    assert Path(pooch.os_cache("d2l_shim")).is_relative_to(empty_cache)
    assert list(empty_cache.iterdir()) == []
