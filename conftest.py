"""Loads what both kinds of tests need: those in tests/ and the notebooks' cells."""

import os

import framework_tabs.quick_start  # noqa: F401

# Threads of PyTorch and MXNet that have nothing to do wait for each other by running in
# a circle. Two processes of tests on two cores then take most of their time from each
# other: a LeNet step took five times as long. Read by libgomp when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

pytest_plugins = ["pytester", "tests.notebooks.kernel_guard"]
