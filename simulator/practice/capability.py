"""What a place can do, over the years: experience and its loss, a name among families, training and equipment.

Every part is a sum above (or below) the capability that the place began with, bounded and slow: in a prototype,
experience of a tenth per log volume a year ran away to both ends. Behaviour equation D7
(`scenarios/evidence/behaviour.md`).
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.maths import clip, log
from simulator.core.names import CENTRE

MONTHS = 12


@compiled
def practise(facility, volume, par):
    """A year of practice: ``volume``, patients seen and days of stays, against the usual one.

    Skill grows with volume and is lost without it, and part of any difference fades; families slowly come to think
    more of a hospital that many go to (虹吸效应: the big gets bigger).
    """
    more = log((volume + par.volume_floor) / (facility.usual_volume + par.volume_floor))
    grown = facility.experience * (1.0 - par.experience_fades) + par.experience * more
    facility.experience = clip(grown, -par.experience_most, par.experience_most)
    if facility.tier > CENTRE:
        goal = clip(par.fame * more, -par.fame_most, par.fame_most)
        facility.fame += par.fame_adjust * (goal - facility.fame)


@compiled
def practise_all(facilities, volumes, pars):
    """A year of practice at every facility (F,); ``pars`` is the one row of behaviour."""
    for f in range(len(facilities)):
        practise(facilities[f], volumes[f], pars[0])


@compiled
def skill(facility, age, par):
    """Capability for a patient of this age: at primary care less for a child, unless somebody there is certified: the
    less, the more of its doctors are."""
    if age < par.child_until and facility.tier <= CENTRE and facility.paediatric == 0:
        return facility.capability - par.child_gap * (1.0 - facility.certified_children)
    return facility.capability


@compiled
def reputed(facility, age, par):
    """Capability that people think it has for a patient of this age, fame included: what it is known for, not what it
    can do by now."""
    return skill(facility, age, par) + (facility.known - facility.capability) + facility.fame


def bought(stock: np.ndarray, gain: float, half: float) -> np.ndarray:
    """Capability that a stock of spending, yuan per doctor, brings: half of ``gain`` at ``half``, ever less a yuan."""
    return gain * stock / (stock + half)


def built(facilities: np.ndarray, par: np.void) -> np.ndarray:
    """Capability above what each place began with that practice, training and equipment bring (F,)."""
    trained = bought(facilities["training"], par["training_gain"], par["training_half"])
    equipped = bought(facilities["equipment"], par["equipment_gain"], par["equipment_half"])
    return facilities["experience"] + trained + equipped


def invest(facilities: np.ndarray, training: np.ndarray, equipment: np.ndarray, par: np.void) -> None:
    """A month of spending, yuan (F,) each, on stocks that people leave with and wear wears off."""
    doctors = np.maximum(facilities["doctors"], 1e-9)
    for column, yuan, fades in (("training", training, "training_fades"), ("equipment", equipment, "equipment_wears")):
        facilities[column] += yuan / doctors - facilities[column] * (par[fades] / MONTHS)
