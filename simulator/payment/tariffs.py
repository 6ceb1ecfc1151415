"""All tariff rules of an arm together: one owner for every cell."""

from collections.abc import Mapping

import numpy as np

from simulator.core.names import CARE
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule


class Tariffs:
    """Named tariff rules and the cells that each owns.

    ``owners`` (C,) holds for each cell the position of its rule in ``rules``. Raises ValueError for an owner that is
    none of the rules.
    """

    def __init__(self, rules: Mapping[str, TariffRule], owners: np.ndarray):
        self.rules = dict(rules)
        self.owners = np.asarray(owners)
        if self.owners.size and not (self.owners.min() >= 0 and self.owners.max() < len(self.rules)):
            raise ValueError(f"every cell needs one of {len(self.rules)} rules; owners: {np.unique(self.owners)}")

    def _each(self) -> list[tuple[str, TariffRule, np.ndarray]]:
        return [(name, rule, self.owners == k) for k, (name, rule) in enumerate(self.rules.items())]

    def tariff(self, market: Market) -> Tariff:
        """One table for all cells."""
        columns = [np.zeros(len(self.owners)) for _ in range(4)]
        for _, rule, mine in self._each():
            own = rule.tariff(market)
            for column, values in zip(columns, (own.per_case, own.share, own.per_day, own.per_weight), strict=True):
                column[mine] = values[mine]
        return Tariff(*columns)

    def believed(self, market: Market, books: Books) -> Beliefs:
        """What one more of each entry earns, by (role, entry), over all cells (C,)."""
        together: Beliefs = {}
        for _, rule, mine in self._each():
            for key, values in rule.believed(market, books, mine).items():
                together.setdefault(key, np.zeros(len(self.owners)))[mine] = values[mine]
        return together

    def settle(self, market: Market, books: Books) -> dict[str, np.ndarray]:
        """What the fund pays (negative: takes back) after the month, by name of the rule: int64 fen (F, P)."""
        return {name: rule.settle(market, books, mine) for name, rule, mine in self._each()}


def by_facility(
    beliefs: Beliefs, cells: np.ndarray, weights: np.ndarray, facilities: int, role: str = "doer"
) -> dict[str, np.ndarray]:
    """Beliefs of one role by entry, facility and setting: entry -> (F, 3), the columns in the order of `names.CARE`.

    The mean over a facility's cells of the setting, by ``weights`` (C,), such as cases seen lately; a plain mean where
    they are all zero, and 0 where the facility does not have the setting. A visit is read from the outpatient column,
    a case, a day, a unit of weight from the inpatient one, a patient taken over from the continued one.
    """
    settings = len(CARE)
    rows = cells["facility"] * settings + cells["care"]
    count = facilities * settings
    used = np.bincount(rows, weights, count)
    weights = np.where(used[rows] > 0, weights, 1.0)
    total = np.maximum(np.bincount(rows, weights, count), np.finfo(float).tiny)
    return {
        entry: (np.bincount(rows, weights * values, count) / total).reshape(facilities, settings)
        for (whose, entry), values in beliefs.items()
        if whose == role
    }
