"""What Stream adds to small commits of H2, which is no process beside the application, but in its commit path."""
import os
import re
import subprocess

from .processes import Failed

TURNS = 40
SETUPS = {"without Stream": "plain", "with Stream": "stream", "with Stream, shadowSync": "forced"}
LINE = re.compile(r"in turn: (?P<setup>.+?) +p50 +(?P<p50>\S+) +p99 +(?P<p99>\S+) +cpu .*? added: p50 +(?P<added_p50>\S+)"
                  r" +p99 +(?P<added_p99>\S+) +cpu +(?P<added_cpu>\S+) +its p99 +(?P<added_cpu_p99>\S+)"
                  r" +ratio (?P<ratio>[^,]+), of cpu (?P<cpu_ratio>\S+)")


def parse(said):
    """Microseconds and ratios of each setup, of what `benchmarks/h2-commit turns` printed."""
    found = {}
    for line in LINE.finditer(said):
        name = SETUPS.get(line["setup"])
        if name:
            found.update({f"{name}_{key}": float(value) for key, value in line.groupdict().items() if key != "setup"})
    return found


def in_turn(_, __, options):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "h2-commit")
    run = subprocess.run([script, "turns", str(TURNS)], stdout=subprocess.PIPE, text=True, check=False)
    found = parse(run.stdout)
    if run.returncode or not all(f"{name}_ratio" in found for name in SETUPS.values()):
        raise Failed(f"h2-commit ended with {run.returncode}, and said: {run.stdout.strip()}")
    return found


# Title, key, target, and whether more is better.
ROWS = (
    ("throughput, with ÷ without", "ratio", 0.9, True),
    ("processor time of the writing thread, without ÷ with", "cpu_ratio", None, True),
    ("added to the median commit, µs", "added_p50", None, False),
    ("added to the p99, µs", "added_p99", 30, False),
    ("added to the processor time of a commit, µs", "added_cpu", None, False),
    ("added to the p99 of that, µs", "added_cpu_p99", None, False),
)
