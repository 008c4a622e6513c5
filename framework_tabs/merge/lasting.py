"""What of an output is the same at every run, so that equal outputs are known."""

import re

PASSING = re.compile(
    r"(?<= at )0x[0-9a-fA-F]+"  # where an object lies in memory
    r"|^(?:CPU times|Wall time): .*$"  # %time
    r"|^.*? ± .*? per loop \(.*\)$"  # %timeit
    r"|\[\d+:\d\d(?::\d\d)?<[^\]]*\]",  # tqdm
    re.M,
)
"""What is another one each time, and tells a reader nothing."""


def lasting(content):
    """Return text, or what holds some, without what passes."""
    if isinstance(content, str):
        return PASSING.sub("…", content)
    if isinstance(content, dict):
        return {key: lasting(value) for key, value in content.items()}
    return [lasting(each) for each in content] if isinstance(content, list) else content
