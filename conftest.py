"""Loads what both kinds of tests need: those in tests/ and the notebooks' cells."""

pytest_plugins = ["pytester", "tests.notebooks.kernel_guard"]
