"""A user's script that runs the fake model, started as a process of its own, to be stopped and killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from simulator.core.jit import PACKAGE

HERE = Path(__file__).parent
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from fake_model import FakeSystem, Scenario
from simulator.study.run import run, RunInterrupted
try:
    results = run(Scenario(trouble=({trouble!r}, "reform", 0)), replications={replications}, model=FakeSystem,
                  out={out!r}, workers={workers})
except RunInterrupted as stop:
    results = stop.results
print(sum(map(len, results.manifest["finished"].values())))
"""
ENVIRONMENT = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}


def heed() -> None:
    """Let Ctrl-C end the process: one started in the background of a shell would ignore it, and its children too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def script(tmp_path, workers, trouble="", replications=2, model=""):
    """A script without ``if __name__ == "__main__"``, which writes ``results/out``; ``model`` is code of its own."""
    file = tmp_path / "script.py"
    out = str(tmp_path / "results" / "out")
    text = SCRIPT.format(here=str(HERE), trouble=trouble, out=out, workers=workers, replications=replications)
    if model:
        text = text.replace("try:", f"{model}\ntry:").replace("model=FakeSystem", "model=Mine")
    file.write_text(text)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, file], **pipes, start_new_session=True, env=ENVIRONMENT, preexec_fn=heed)


def wait_for(path):
    """Until a file is there."""
    wait_until(path.exists, f"{path} never came")


def wait_until(true, why):
    """Until a function says so."""
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until, why
        time.sleep(0.02)
