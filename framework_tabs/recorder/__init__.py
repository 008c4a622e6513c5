"""What goes along into a kernel's processes and notes which of the book's code ran.

This folder is on a kernel's ``PYTHONPATH``, where Python finds ``sitecustomize`` when a
process starts. It needs nothing but the standard library: a kernel's environment need
not have the engine installed.
"""
