"""Which modules a zygote imports, so that a program need not: the fewer, the faster it forks."""

import re
from collections import Counter
from collections.abc import Iterable

from failpairs.execution.harness.package_finder import module_files
from failpairs.execution.sandbox.namespaces import NO_PACKAGES, Packages
from failpairs.records import Problem

ALWAYS = frozenset(
    "bisect collections copy functools heapq itertools math operator re string typing".split()
)
IF_USUAL = frozenset(
    """calendar dataclasses datetime decimal enum fractions hashlib random statistics
    textwrap""".split()
)
USUAL_SHARE = 0.05  # of the problems: below it, slower forks for all cost more than is saved
IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)


def modules_for(problems: Iterable[Problem], packages: Packages = NO_PACKAGES) -> list[str]:
    """The modules of the standard library that problems import, if many of them do, and those of
    installed packages, which load slowly, if any does."""
    texts = [f"{p.prompt}\n{p.setup}\n{p.test}\n{p.reference}" for p in problems]
    counts = Counter(name for text in texts for name in {*IMPORT.findall(text)})
    usual = {name for name in IF_USUAL if counts[name] > USUAL_SHARE * len(texts)}
    return sorted(ALWAYS | usual | (module_files(packages).keys() & counts.keys()))
