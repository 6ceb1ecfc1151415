"""Hypertension and diabetes as cascades: undiagnosed, diagnosed, treated, controlled. They start stationary.

Behaviour equations A2 and A3 (`scenarios/evidence/behaviour.md`).
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.names import CONTROLLED, DIAGNOSED, NONE, TREATED, UNDIAGNOSED

USUAL_CAPABILITY = 0.515


@compiled
def diagnosed(person):
    """Whether a person has a diagnosed chronic disease."""
    return person.hypertension >= DIAGNOSED or person.diabetes >= DIAGNOSED


def all_diagnosed(persons: np.ndarray) -> np.ndarray:
    """Whether each person has a diagnosed chronic disease, bool (person,)."""
    return (persons["hypertension"] >= DIAGNOSED) | (persons["diabetes"] >= DIAGNOSED)


@compiled
def chance_diagnosed(visited, manage, par):
    """Chance a month that undiagnosed disease is found; ``manage`` is the share that the centre manages."""
    return (par.diagnose_visit + par.diagnose_managed * manage) if visited else 0.0


@compiled
def by_symptoms(felt, factor, par):
    """Factor on what unmanaged patients do who feel their illness (``felt`` 1) or do not (0), one at the usual share:
    silent disease is left alone (重治疗轻预防)."""
    return 1.0 + (factor - 1.0) * (felt - par.felt_share) / (1.0 - par.felt_share)


@compiled
def chance_started(managed, felt, par):
    """Chance a month that a diagnosed patient starts treatment; who is managed does so whatever is felt."""
    if managed:
        return par.start_treatment * par.start_managed
    return par.start_treatment * (par.start_unmanaged * by_symptoms(felt, par.start_felt, par))


@compiled
def chance_dropped(managed, felt, par):
    """Chance a month that a treated patient stops."""
    return par.drop_treatment * (par.drop_managed if managed else by_symptoms(felt, par.drop_felt, par))


@compiled
def chance_controlled(level, managed, capability, par):
    """Chance that a treated patient whose control is decided anew is controlled; ``level`` is the disease's logit."""
    gain = par.control_managed if managed else 0.0
    return logistic(level + gain + par.control_capability * (capability - USUAL_CAPABILITY))


@compiled
def next_state(state, u, v, visited, managed, felt, manage, capability, level, par):
    """State of a disease after a month, for two uniform draws; patients replaced by new ones start undiagnosed.
    ``felt`` is 1 for those who have had a complication within the year."""
    if state == NONE:
        return NONE
    if v > 1.0 - par.renewal:
        return UNDIAGNOSED
    if state == UNDIAGNOSED:
        return DIAGNOSED if u < chance_diagnosed(visited, manage, par) else UNDIAGNOSED
    if state == DIAGNOSED:
        return TREATED if u < chance_started(managed, felt, par) else DIAGNOSED
    dropped = chance_dropped(managed, felt, par)
    if u < dropped:
        return DIAGNOSED
    if u < dropped + par.control_change:
        return CONTROLLED if v < chance_controlled(level, managed, capability, par) * (1.0 - par.renewal) else TREATED
    return state


@compiled
def share_controlled(level, managed, capability, par):
    """Share controlled of the patients whom somebody knows of, where they are managed for good, or never: that which
    months leave unchanged, at the usual share who feel their illness."""
    stays = 1.0 - par.renewal
    started = stays * chance_started(managed, par.felt_share, par)
    dropped = par.renewal + stays * chance_dropped(managed, par.felt_share, par)
    treated = started / (started + dropped)
    anew = stays * par.control_change
    return treated * anew * chance_controlled(level, managed, capability, par) / (dropped + anew)


def stationary(level: float, manage: float, visited: float, par: np.void) -> np.ndarray:
    """Shares of patients undiagnosed, diagnosed, treated, controlled that months leave unchanged, shape (4,).

    ``manage`` is the share managed, ``visited`` the share of people seen by a doctor in a month. Patients are managed
    for as long as their centre manages them, so both kinds have their own chain and meet only in renewal.
    """
    shares = np.zeros(4)
    for managed, part in ((True, manage), (False, 1.0 - manage)):
        found = visited * float(chance_diagnosed(True, manage, par))
        usual = par.felt_share
        start, drop = float(chance_started(managed, usual, par)), float(chance_dropped(managed, usual, par))
        good = float(chance_controlled(level, managed, USUAL_CAPABILITY, par))
        anew = par.control_change
        step = np.array(
            [
                [1 - found, found, 0, 0],
                [0, 1 - start, start, 0],
                [0, drop, 1 - drop - anew * good, anew * good],
                [0, drop, anew * (1 - good), 1 - drop - anew * (1 - good)],
            ]
        )
        step = (1 - par.renewal) * step + par.renewal * np.array([[1.0, 0, 0, 0]] * 4)
        values, vectors = np.linalg.eig(step.T)
        still = np.real(vectors[:, np.argmax(np.real(values))])
        shares += part * still / still.sum()
    return shares


def begin(
    people: np.ndarray,
    prevalence: dict[str, np.ndarray],
    shares: dict[str, np.ndarray],
    key: tuple[int, int],
) -> None:
    """Fill the disease columns: who has a disease by age, and where in its stationary cascade.

    ``prevalence`` is by single year of age, shape (101,); ``shares`` as from `stationary`.
    """
    for number, disease in enumerate(prevalence):
        draws = np.random.Generator(np.random.Philox(key=(key[0] + (key[1] << 32)), counter=[0, 0, 7, number]))
        ill = draws.random(len(people)) < prevalence[disease][np.minimum(people["age"], 100)]
        stage = 1 + np.searchsorted(np.cumsum(shares[disease])[:-1], draws.random(len(people)), side="right")
        people[disease] = np.where(ill, stage, NONE)


def by_age(points: dict[int, float], adults: float, ages: np.ndarray) -> np.ndarray:
    """Prevalence by single year of age (101,): interpolated between points, none below 18, scaled so that the adults
    among ``ages`` (people,) have the share ``adults``."""
    years = np.arange(101)
    line = np.where(years >= 18, np.interp(years, sorted(points), [points[k] for k in sorted(points)]), 0.0)
    grown = ages[ages >= 18]
    return np.minimum(line * (adults / line[np.minimum(grown, 100)].mean()), 0.95)
