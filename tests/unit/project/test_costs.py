"""docs/scaling.md shows what benchmarks/costs.py computes."""

import subprocess
import sys

from places import ROOT


def test_the_tables_of_the_documentation_are_those_of_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/costs.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tables = done.stdout.rpartition("\n{")[0].split("\n\n")
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    assert len(tables) == 2
    for table in tables:
        assert f"\n{table}\n" in page
