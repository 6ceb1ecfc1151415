"""Communities: where families live, and the facilities that are near them."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class Communities:
    """Communities as columns, one row per community; facilities are rows of the table of facilities, -1 for none.

    ``weight`` is proportional to the people who live there; ``minutes`` (community, 4) is the usual travel to the
    station, centre, secondary and tertiary hospital, one way. ``online`` is the internet hospital that serves it, None
    where there is none at all.
    """

    station: np.ndarray
    centre: np.ndarray
    secondary: np.ndarray
    tertiary: np.ndarray
    urban: np.ndarray
    weight: np.ndarray
    minutes: np.ndarray
    online: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.station)

    @property
    def places(self) -> np.ndarray:
        """The facilities as columns (community, 4), in the order of ``minutes``."""
        return np.stack([self.station, self.centre, self.secondary, self.tertiary], axis=1).astype(np.int64)

    @property
    def home(self) -> np.ndarray:
        """Row of the facility that a community is called by: its station, or the centre where there is none."""
        return np.where(self.station >= 0, self.station, self.centre)

    def with_urban(self, share: float | None) -> "Communities":
        """The same communities with ``share`` of the people in the urban ones, in the old proportions among each kind.

        Where all communities are of one kind, or ``share`` is None, weights only are made to sum to one.
        """
        weight = np.asarray(self.weight, float)
        urban = np.asarray(self.urban) > 0
        if share is not None and urban.any() and not urban.all():
            weight = np.where(urban, weight * share / weight[urban].sum(), weight * (1 - share) / weight[~urban].sum())
        return replace(self, weight=weight / weight.sum())
