"""The command ``python -m d2l_import section.md name``."""

import sys

from framework_tabs.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["import", *sys.argv[1:]]))
