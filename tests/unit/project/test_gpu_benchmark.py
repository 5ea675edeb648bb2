"""benchmarks/gpu.py works, as far as a CPU can show it."""

import json
import subprocess
import sys

from places import ROOT


def test_the_benchmark_of_a_gpu_runs_on_a_cpu_with_a_tiny_shape() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/gpu.py", "--tiny"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    for batch in ("2", "4"):
        found = figures["sampling"][batch]
        rates = [value for name, value in found.items() if name.endswith("tokens_per_s")]
        assert len(rates) == 4 and min(rates) > 0
        assert found["launch_ms_per_step"] > 0
        assert found["peak_gib"] is found["gpu_busy_share"] is None  # of a GPU only
    assert set(figures["training"]) == {
        "activation_checkpointing_always",
        "activation_checkpointing_never",
    }
