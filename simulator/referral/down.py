"""Referral down, in its stages: fit, offered by the hospital, accepted by the centre, consented to, moved; and who
comes back (D2)."""

from simulator.core.jit import compiled
from simulator.core.maths import logistic

NOT_FIT, FIT, OFFERED, ACCEPTED, CONSENTED, MOVED = range(6)
STAGES = ("not fit", "fit", "offered", "accepted", "consented", "moved")


@compiled
def attended(own, hospital, specialists, par):
    """Capability of a centre for a patient sent down: nearer to the hospital's where its specialists come and look in
    (联合查房), as with a remote consultation for the share ``specialists`` of cases."""
    return own + par.consult_gain * specialists * max(hospital - own, 0.0)


@compiled
def chance_capable(capability, severity, par):
    """Chance that a centre is able to care for the rest of the stay: a hard limit, whatever is paid."""
    return logistic((capability - par.capable_slope * severity - par.capable_at) / par.capable_scale)


@compiled
def chance_consent(trust, capability, eased, par):
    """Chance that the patient agrees to move; ``eased`` is what an alliance of both places adds to the logit."""
    return logistic(
        par.consent
        + par.consent_trust * (trust - par.trust_neutral)
        + par.consent_capability * (capability - par.capability_at)
        + eased
    )


@compiled
def chance_return(capability, severity, par):
    """Chance that a patient who was stepped down is back in hospital for the same episode within 90 days."""
    return logistic(
        par.return_back
        + par.return_capability * (capability - par.capability_at)
        + par.return_severity * (severity - 0.6)
    )
