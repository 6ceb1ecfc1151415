"""Python's garbage collector, kept from looking where nearly all that is made lives on."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """Leave garbage for later while many objects are made that stay: to look through all of them again and again for
    cycles takes a tenth of an import, and a third of a compilation."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
