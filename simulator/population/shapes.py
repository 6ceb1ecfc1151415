"""The shapes in `synthesis.yaml` and what follows from them: ages by single year, family sizes, families by type."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from simulator.core.behaviour import LOADER
from simulator.core.errors import UserError
from simulator.core.messages import say

OLDEST = 100
"""Last single year of age; it stands for everybody older."""
INCOMES_TOLD_APART = (0.1, 10.0)
"""Incomes per head against the mean beyond which health differs no further."""


@cache
def shapes() -> dict[str, Any]:
    """The content of `synthesis.yaml`."""
    return yaml.load(Path(__file__).with_name("synthesis.yaml").read_text(encoding="utf-8"), LOADER)


def age_bands(ages: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """First years (band,) and shares (band,) of age bands such as ``{"0-14": 0.18, "15-59": 0.63, "60+": 0.19}``.

    Shares are made to sum to one. Raises UserError where bands leave a gap or overlap, or do not begin at birth and end
    open, or where shares are far from one.
    """
    bands = []
    for word, share in ages.items():
        first, dash, last = str(word).removesuffix("+").partition("-")
        last = last if dash else str(OLDEST) if str(word).endswith("+") else "?"
        if not (first.isdigit() and last.isdigit()):
            raise UserError(say("population_band", band=word))
        bands.append((int(first), int(last), float(share)))
    bands.sort()
    ends = [-1] + [last for _, last, _ in bands]
    if any(first != end + 1 for (first, _, _), end in zip(bands, ends, strict=False)) or ends[-1] != OLDEST:
        raise UserError(say("population_bands"))
    shares = np.array([share for _, _, share in bands])
    if (shares < 0).any() or abs(shares.sum() - 1) > 0.01:
        raise UserError(say("population_band_sum", total=f"{shares.sum():.1%}"))
    return np.array([first for first, _, _ in bands]), shares / shares.sum()


def age_shares(ages: Mapping[str, float]) -> np.ndarray:
    """Share of the population at each single year of age, (101,), from the shares of age bands.

    Years of a band are equal; in the open last band they fall as survivors do under the table of deaths.

    >>> age_shares({"0-9": 0.1, "10+": 0.9})[3].round(6)
    np.float64(0.01)
    """
    first, shares = age_bands(ages)
    alive = np.exp(-np.cumsum(death_rates()))
    single = np.zeros(OLDEST + 1)
    for start, end, share in zip(first, [*first[1:], OLDEST + 1], shares, strict=True):
        within = alive[start:end] if end > OLDEST else np.ones(end - start)
        single[start:end] = share * within / within.sum()
    return single


def death_rates() -> np.ndarray:
    """Deaths per person and year at each single year of age, (101,), of the census that lends the shape."""
    table = shapes()["deaths"]
    return np.exp(np.interp(np.arange(OLDEST + 1), table["middle"], np.log(table["rate"]))) / 1000


def years_left() -> np.ndarray:
    """Years that a person of each single year of age has before him, (101,), by the table of deaths: the standard by
    which years lost to deaths are counted.

    >>> years_left()[[0, 60]].round(1)
    array([78.4, 21.9])
    """
    rates = death_rates()
    left = np.zeros(OLDEST + 1)
    left[-1] = 1 / rates[-1]
    for age in reversed(range(OLDEST)):
        survives = 1 - rates[age] / (1 + rates[age] / 2)
        left[age] = (1 + survives) / 2 + survives * left[age + 1]
    return left


def frailty_line() -> np.ndarray:
    """Usual rate of falling ill at each single year of age against that at another, (101,): a line from age to age."""
    line = shapes()["frailty"]["age"]
    return np.interp(np.arange(OLDEST + 1), line["at"], line["factor"])


def frailty_of_income(relative: np.ndarray) -> np.ndarray:
    """Factor on the rate of falling ill by the income per head ``relative`` to the mean, of the same shape."""
    return np.clip(relative, *INCOMES_TOLD_APART) ** shapes()["frailty"]["income"]["value"]


def size_shares(mean: float, alone: float) -> np.ndarray:
    """Share of families with 1, 2, … 8 members, (8,), for a mean size and a share of one-person families.

    The census shares of the larger families are tilted by a factor to the power of the size until the mean is met.
    Raises UserError where no such shares exist.
    """
    census = shapes()["sizes"]["share"]
    size, share = np.array(list(census)), np.array(list(census.values()))
    if not 0 <= alone < 1 or not size[0] < (mean - alone) / (1 - alone) < size[-1]:
        raise UserError(say("population_family_size", size=f"{mean:g}", alone=f"{alone:.1%}"))
    target, low, high = (mean - alone) / (1 - alone), -20.0, 20.0
    for _ in range(80):
        tilt = (low + high) / 2
        tilted = share * np.exp(tilt * (size - (size[-1] if tilt > 0 else size[0])))
        tilted /= tilted.sum()
        low, high = (tilt, high) if (tilted * size).sum() < target else (low, tilt)
    return np.concatenate([[alone], (1 - alone) * tilted])


def family_types(mean: float, alone: float) -> tuple[np.ndarray, np.ndarray]:
    """Families by type: members as (type, 3) numbers of partners, children and elders beside a head; shares (type,)."""
    members, shares = [], []
    for size, share in enumerate(size_shares(mean, alone), 1):
        for kind in shapes()["types"][size]:
            members.append((kind["couple"], kind["children"], kind["elders"]))
            shares.append(share * kind["share"])
    return np.array(members, np.int64), np.array(shares)
