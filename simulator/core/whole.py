"""Where families meet. A world holds all families of a simulation, or those of one shard of it; whatever is added up
over families goes through its `Whole`, so that every shard goes on from the same sums.

Shards live the same month each by itself, facilities, funds and ledger included; they differ in their families alone.
So whether a sum is taken may depend on what all shards know, never on the families at hand.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np


class Whole(Protocol):
    """All shards of a simulation, as one of them sees them."""

    def total(self, *own: np.ndarray) -> list[np.ndarray]:
        """Sums over all shards of whole numbers that each has for its own families, int64 arrays."""
        ...

    def chain(self, add: Callable[[np.ndarray], None], start: np.ndarray) -> np.ndarray:
        """``start`` after every shard has added its own to it, one after the other: for sums of broken numbers, whose
        last bits depend on the order."""
        ...

    def gather(self, own: np.ndarray) -> np.ndarray:
        """The rows of all shards in the order of families, for whoever reports; a shard gets its own."""
        ...


class Alone:
    """All families are here."""

    def total(self, *own: np.ndarray) -> list[np.ndarray]:
        """What is here is all."""
        return list(own)

    def chain(self, add: Callable[[np.ndarray], None], start: np.ndarray) -> np.ndarray:
        """Start and what is here."""
        add(start)
        return start

    def gather(self, own: np.ndarray) -> np.ndarray:
        """What is here is all."""
        return own


ALONE = Alone()
