"""A dask scheduler and its workers as processes of their own on loopback, for tests that end some of them."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from simulator.core.jit import PACKAGE

ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(PACKAGE.parent)])}


class PrivateDask:
    """A scheduler and so many workers of one slot; where ``replaced``, a worker that ends is started again."""

    def __init__(self, folder: Path, workers: int, replaced: bool = False):
        self.folder, self.log = folder, (folder / "dask.log").open("w")
        contact = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(contact))
        until = time.monotonic() + 60
        while not contact.exists():
            assert time.monotonic() < until, (folder / "dask.log").read_text()
            time.sleep(0.05)
        self.address = json.loads(contact.read_text())["address"]
        self.workers = [self._worker() for _ in range(workers)]
        self.open = True
        if replaced:
            threading.Thread(target=self._replace, daemon=True).start()

    def _worker(self) -> "subprocess.Popen[bytes]":
        where = ("--local-directory", str(self.folder))
        return self._start("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard", *where)

    def _start(self, what: str, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--host", "127.0.0.1", *words]
        return subprocess.Popen(command, env=os.environ | ENVIRONMENT, stdout=self.log, stderr=self.log)

    def _replace(self) -> None:
        while self.open:
            for place, worker in enumerate(self.workers):
                if worker.poll() is not None and self.open:
                    self.workers[place] = self._worker()
            time.sleep(0.1)

    def close(self) -> None:
        """End all of them."""
        self.open = False
        time.sleep(0.2)
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.log.close()


@contextlib.contextmanager
def private_dask(folder: Path, workers: int, replaced: bool = False) -> Generator[PrivateDask]:
    """As long as it is needed."""
    folder.mkdir()
    dask = PrivateDask(folder, workers, replaced)
    try:
        yield dask
    finally:
        dask.close()


def children_of(process: int) -> Iterator[int]:
    """Processes that a process has started and that are there (Linux)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent, *_ = stat.read_text().rpartition(")")[2].split()
            if int(parent) == process and state != "Z":
                yield int(stat.parent.name)


def there(process: int) -> bool:
    """Whether a process is there and no zombie (Linux)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
