"""How many processes a framework's own data loader may use.

The loader of this package needs none; code that reads other data asks here.
"""

import multiprocessing
import os


def get_dataloader_workers():
    """Return how many processes a framework's own data loader should read with.

    Four, as in D2L (section 3.5), or as many as there are cores if those are fewer. On
    systems that start a process anew instead of forking it, such as Windows, none:
    there the processes would not know what a notebook has defined.

    Returns
    -------
    int
    """
    forks = multiprocessing.get_all_start_methods()[0] == "fork"
    return min(4, os.cpu_count() or 1) if forks else 0
