"""The small form of experiments/faults/kill.py: driver, workers and children killed at random, nothing lost."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "experiments" / "faults" / "kill.py"
pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform != "linux", reason="finds children in /proc")]


@pytest.mark.parametrize("words", [("--tasks", "200", "--kills", "6"), ("--real", "--tasks", "16", "--kills", "3")])
def test_killed_at_random(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tables are the same" in done.stdout
