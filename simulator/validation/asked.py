"""What a validation is asked for: parts, size, and how it is run."""

from typing import NamedTuple

from simulator.study.intervals import Ends, interval, spread
from simulator.validation.ensemble import Ensemble


class Asked(NamedTuple):
    """Which parts are asked for."""

    levels: bool = True
    history: bool = True
    claims: bool = True
    conditions: bool = True
    """Whether it is searched what would have to be true for claims that do not come out."""
    robust: bool = True
    """Whether signs of headline results are counted over an ensemble, where there is one."""
    channels: bool = True
    """Whether headline results of alliances are taken apart by channel."""


class Size(NamedTuple):
    """How much is run: families in place of each scenario's, replications of each trial, and the seed."""

    families: int = 6000
    replications: int = 6
    seed: int = 1
    sets: int | None = None
    """Sets of the ensemble over which signs are counted, from the first on; all if left out."""


class How(NamedTuple):
    """How it is run: cores, by default all; and the ensemble, of which each replication has a set of its own."""

    threads: int | None = None
    ensemble: Ensemble | None = None

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """Changes `path=value` of each set, none without an ensemble."""
        return self.ensemble.changes if self.ensemble else ()

    @property
    def ends(self) -> Ends:
        """Replications with sets of their own are told by the middle of the sets."""
        return spread if self.ensemble else interval
