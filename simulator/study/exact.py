"""Inside a run, what NumPy only warns of is an error: a figure that is no number is never carried on."""

import contextlib
import warnings
from collections.abc import Generator

import numpy as np

from simulator.core.errors import ModelError


def _no_number(what: str, flag: int) -> None:
    raise ModelError(f"a figure of the model is no number: {what}")


@contextlib.contextmanager
def exact_numbers() -> Generator[None]:
    """Turn NumPy's warnings about numbers (division by zero, overflow, what is not a number) into errors.

    Raises:
        ModelError: where NumPy would have warned of a figure.
        RuntimeWarning: where it would have warned of anything else, such as the mean of nothing.
    """
    with (
        np.errstate(divide="call", over="call", invalid="call", call=_no_number),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error", RuntimeWarning)
        yield
