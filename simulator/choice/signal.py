"""What a patient knows: a noisy sign of how bad it is, weighed against what is usual for the complaint (B1).

    sign = s + σ (1 − s) z,   felt = w · sign + (1 − w) · usual severity of the group,   w = var / (var + σ²)

with var the variance of severity within the group and z a standard normal draw: Bayes' rule for normal signs. The worse
it is, the less it is mistaken. What remains in doubt is the standard deviation σ (1 − felt) √w.
"""

import math

from simulator.core.jit import compiled
from simulator.core.maths import clip

ROOT_OF_3 = 1.7320508075688772
NODES = 3
"""Points at which a mean over the doubt is taken: felt, and √3 standard deviations either way (Gauss–Hermite)."""


@compiled
def normal(a, b, c, d):
    """A draw of mean zero and variance one, nearly normal, from four uniform ones."""
    return (a + b + c + d - 2.0) * ROOT_OF_3


@compiled
def weight_of_sign(usual, par):
    """Weight of the sign against what is usual for the complaint, whose mean severity is ``usual``."""
    among = usual * (1.0 - usual) / (1.0 + par.severity_spread)
    return among / (among + par.signal_noise * par.signal_noise)


@compiled
def felt(severity, usual, z, par):
    """Severity that a patient takes an illness for."""
    weight = weight_of_sign(usual, par)
    sign = severity + par.signal_noise * (1.0 - severity) * z
    return clip(weight * sign + (1.0 - weight) * usual, 0.0, 1.0)


@compiled
def doubt(felt, usual, par):
    """Standard deviation of the severity around what is ``felt``."""
    return par.signal_noise * (1.0 - felt) * math.sqrt(weight_of_sign(usual, par))


@compiled
def at_node(felt, doubt, node):
    """Severity at one of the `NODES`."""
    return clip(felt + (node - 1) * ROOT_OF_3 * doubt, 0.0, 1.0)


@compiled
def share_of_node(node):
    """Its share of the mean."""
    return 2.0 / 3.0 if node == 1 else 1.0 / 6.0
