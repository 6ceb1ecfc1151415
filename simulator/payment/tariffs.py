"""All tariff rules of an arm summed: one owner for every cell."""

from collections.abc import Mapping

import numpy as np

from simulator.core.names import CARE
from simulator.payment.closed import Books
from simulator.payment.market import Market, Tariff
from simulator.payment.rule import Beliefs, TariffRule

NO_LIMIT = 1e15
"""Fen that no stay is charged."""


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

    def _each(self, market: Market) -> list[tuple[str, TariffRule, np.ndarray]]:
        owners = market.pick(self.owners)
        return [(name, rule, owners == k) for k, (name, rule) in enumerate(self.rules.items())]

    def tariff(self, market: Market, books: Books) -> Tariff:
        """One table for all cells of the market; ``books`` end with the month before."""
        books = books.over(market.chosen)
        columns = {name: np.zeros(len(market.cells)) for name in Tariff.__dataclass_fields__}
        for name, rule, mine in self._each(market):
            own = rule.announced(market, books.of(name), mine)
            for part, column in columns.items():
                column[mine] = getattr(own, part)[mine]
        return Tariff.of(columns)

    def outliers(self, market: Market) -> np.ndarray:
        """Thresholds of the charge of a stay, fen per unit of relative weight, by facility (F, 2): above all charges
        and zero where no rule has any. Where several do, the first listed holds."""
        thresholds = np.tile([NO_LIMIT, 0.0], (len(market.tier), 1))
        for _, rule, mine in reversed(self._each(market)):
            own = rule.outliers(market, mine)
            if own is not None:
                places = market.places(mine)
                thresholds[places] = own[places]
        return thresholds

    def believed(self, market: Market, books: Books) -> Beliefs:
        """What one more of each entry earns, by (role, entry), over all cells of the market (C,)."""
        books = books.over(market.chosen)
        summed: Beliefs = {}
        for name, rule, mine in self._each(market):
            for (role, entry), values in rule.believed(market, books.of(name), mine).items():
                if role == "panel":
                    summed[role, entry] = summed.get((role, entry), 0.0) + values
                else:
                    summed.setdefault((role, entry), np.zeros(len(mine)))[mine] = values[mine]
        return summed

    def settle(self, market: Market, books: Books) -> dict[str, np.ndarray]:
        """What the fund pays (negative: takes back) after the month, by name of the rule: int64 fen (F, P)."""
        books = books.over(market.chosen)
        return {name: rule.settle(market, books.of(name), mine) for name, rule, mine in self._each(market)}


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
