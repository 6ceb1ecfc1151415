"""Family-doctor contract (家庭医生签约): who knows of it, signs it, renews it, and is really served (B5)."""

from simulator.core.jit import compiled
from simulator.core.maths import logistic

OLD = 65
"""Age from which a person is among those whom doctors sign first (重点人群)."""


@compiled
def knows(u, recruit, par):
    """Whether a person has heard of the contract; ``u`` is kept for life, the doctor's effort reaches who had not."""
    return u < 1.0 - (1.0 - par.sign_aware) * (1.0 - recruit)


@compiled
def chance_signing(trust, age, diagnosed, floating, signed, gain, recruit, par):
    """Chance that a person who knows of the contract has it for the coming year.

    ``gain`` is what it is worth to the family, yuan a year: better cover less the fee; ``signed`` says that there is
    one to be renewed, for which nobody needs to be recruited.
    """
    level = par.sign + par.sign_trust * (trust - par.trust_neutral) + par.sign_money * gain
    if age >= OLD:
        level += par.sign_old
    if diagnosed:
        level += par.sign_chronic
    if floating == 1:
        level += par.sign_floating
    return logistic(level + (par.sign_renew if signed == 1 else par.sign_recruit * recruit))
