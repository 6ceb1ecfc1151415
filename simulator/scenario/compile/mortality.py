"""How deadly illness is, so that its deaths and all others together are those of the life table.

At each age a share `death` of the deaths of the life table is of illness that care has left uncured, at usual care.
That sets the lethality of illness; where care is better than usual fewer die of it, where it is worse, more. All other
deaths happen whatever care does.
"""

from math import fsum

import numpy as np

from simulator.choice.going import chance_going
from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.illness.onset import classes
from simulator.illness.outcome import chance_cured, chance_remission, deadly, worse
from simulator.population.shapes import OLDEST

USUAL_VISIT, USUAL_STAY = 0.86, 0.90
"""Mean capability of the places at which illness that may kill is seen and treated in the base, each case weighed by
how deadly it is: patients who are that ill go to hospitals."""
WITHOUT_BED = 0.215
"""Share of needed admissions that do not happen (evidence unmet_need_admission)."""
LONGEST = 6
"""Months for which an illness is followed that is not cured."""
WINDOW = 5
"""Years of age on either side over which the burden of illness is taken together."""
MOST_LETHAL = 6.0
"""Lethality at most; what is missing of `death` stays with the other deaths."""
MONTHS = 12


@compiled
def usually_unwell(severity, threshold, slope, par):
    """Chance that an illness is not over by the end of the month, at usual care. ``threshold`` is that of its case
    group, ``slope`` the steepness of admission."""
    goes = chance_going(severity, par.go_price_at, 1.0, False, par)
    bed = goes * logistic(slope * (severity - threshold))
    visit = (goes - bed) * chance_cured(USUAL_VISIT, severity, 0.0, par)
    stay = bed * (1.0 - WITHOUT_BED) * chance_cured(USUAL_STAY + par.cure_bed, severity, 0.0, par)
    return (1.0 - visit - stay) * (1.0 - chance_remission(severity, par))


@compiled
def burdens(groups, par, found):
    """Write into ``found`` (group,) what the chance of dying of an illness of each case group goes with, summed over
    the months that it lasts at usual care, for a mean patient."""
    for g in range(len(groups)):
        nodes = groups[g].quantile.shape[0] - 1
        total = 0.0
        for n in range(nodes):
            severity = (np.float64(groups[g].quantile[n]) + np.float64(groups[g].quantile[n + 1])) / 2.0
            still = 1.0
            for _ in range(LONGEST):
                still *= usually_unwell(severity, groups[g].threshold, par.admission_slope, par)
                total += still * deadly(severity, par)
                still *= par.revisit
                severity = worse(severity, par)
        found[g] = total / nodes


def burden_by_age(people: np.ndarray, risk: np.ndarray, groups: np.ndarray, par: np.void) -> np.ndarray:
    """Burden of deadly illness in a month of the mean person at each single year of age (101,), at usual care.

    ``risk`` (class, group) is cumulative incidence a year.
    """
    each = np.zeros(len(groups))
    burdens(groups, par, each)
    of_class = (np.diff(risk, axis=1, prepend=0.0) * each).sum(axis=1) / MONTHS
    age = np.minimum(people["age"], OLDEST)
    own = of_class[classes(people)] * people["frailty"]
    count, total = (np.bincount(age, weights, OLDEST + 1) for weights in (np.ones(len(age)), own))
    near = [slice(max(year - WINDOW, 0), year + WINDOW + 1) for year in range(OLDEST + 1)]
    return np.array([fsum(total[years]) / max(fsum(count[years]), 1.0) for years in near])


def split(table: np.ndarray, frailty: np.ndarray, burden: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Lethality of illness (101,), and the monthly chance of dying otherwise of a person of frailty one (101,).

    ``table`` (101,) is the monthly chance of dying of anything of a person of frailty one, ``frailty`` the mean at each
    age, ``burden`` (101,) that of illness there, ``share`` the part of deaths that is of illness.
    """
    rate = table * frailty
    lethality = np.where(burden > 0, np.minimum(share * rate / np.where(burden > 0, burden, 1.0), MOST_LETHAL), 0.0)
    of_illness = np.where(rate > 0, lethality * burden / np.where(rate > 0, rate, 1.0), 0.0)
    return lethality, table * (1.0 - of_illness)
