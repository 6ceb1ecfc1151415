"""Switches of an analysis: one carrier of behaviour taken out of a run, to see what it carries.

Nobody decrees these; they answer "would it still happen without …?". They act on every arm from the first month on,
burn-in included, and only through numbers: the row of behavioural parameters, the capability of facilities, the audits.
So a switched run needs no other code, and arms of one scenario keep sharing people, draws and burn-in.
"""

import numpy as np

from simulator.core.fields import Block, one_of

TRUSTED = ("trust", "trust_capability", "consent_trust", "sign_trust", "join_trust")
"""Weights of trust in every decision of a family."""
UNEQUAL = ("misperception", "trust_capability", "child_gap", "experience", "fame", "training_gain", "equipment_gain",
           "poach")  # fmt: skip
"""What sets capability, real or as families see it, of places apart."""


class Analysis(Block):
    """Carriers of behaviour that a run does without, in every arm from the start, to see what they carry."""

    incentives: one_of("on", "off") = "on"
    """off: no provider feels own money; conduct is what care for the patient, effort and honesty make it."""
    trust: one_of("on", "off") = "on"
    """off: trust in primary care weighs nothing in any decision of a family; it is still learned and reported."""
    capability: one_of("own", "equal") = "own"
    """equal: every facility can do what the mean one can, and families see it so."""
    supervision: one_of("on", "off") = "on"
    """off: no case is audited in any arm."""
    habit: one_of("on", "off") = "on"
    """off: where families went before draws them nowhere."""


def without(analysis: Analysis, parameters: np.ndarray) -> None:
    """Take the carriers out of a row of behavioural parameters, in place."""
    off = ("money",) if analysis.incentives == "off" else ()
    off += TRUSTED if analysis.trust == "off" else ()
    off += UNEQUAL if analysis.capability == "equal" else ()
    off += ("habit",) if analysis.habit == "off" else ()
    for name in off:
        parameters[name] = 0.0


def equalise(facilities: np.ndarray) -> None:
    """Give every facility the capability of the mean one, by people in reach, in place."""
    mean = np.average(facilities["capability"], weights=np.maximum(facilities["people"], 1))
    facilities["capability"] = facilities["capability_goal"] = facilities["known"] = mean
