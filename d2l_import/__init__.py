"""Brings sections of *Dive into Deep Learning* into a book of ``framework_tabs``.

A section in D2L's own Markdown becomes a chapter: code cells and prose of frameworks,
labels, references, figures, tables and formulas in MyST. The way is:

* ``apart`` sets every block on lines of its own and takes the marks of slides away;
* ``markdown`` parses what is left, with D2L's constructs as tokens;
* ``section`` translates the tokens, ``cells`` those that are code;
* ``command`` knows the book: its labels (``labels``), its works, its files.

What D2L's text cannot say here stays readable on the page and is reported with its
line. ``python -m framework_tabs import`` calls ``command.bring``; the engine does not
need this package otherwise.
"""
