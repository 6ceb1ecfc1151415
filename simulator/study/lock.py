"""One writer at a time: a lock of the operating system, which ends with its process however that dies.

A lock file that a killed process left behind is therefore nobody's, and the next who comes takes it over.
"""

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # beyond the number, which others must be able to read
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Locked(Exception):
    """Another process holds the lock; ``process`` is its number as text."""

    def __init__(self, process: str):
        self.process = process
        super().__init__(process)


class Lock:
    """Held from its making to ``release``. The file says which process holds it.

    Raises:
        Locked: another holds it.
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path):
        self.path = path
        while True:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _take(self._descriptor)
            except (BlockingIOError, PermissionError):
                holder = os.pread(self._descriptor, 20, 0) if hasattr(os, "pread") else b""
                os.close(self._descriptor)
                raise Locked(holder.decode("ascii", "replace").strip() or "?") from None
            if self._is_there():
                break
            os.close(self._descriptor)  # its last holder took it away between our two calls
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let others have it."""
        if sys.platform != "win32":  # which lets nobody take away an open file
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._descriptor), os.stat(self.path))
        except FileNotFoundError:
            return False
