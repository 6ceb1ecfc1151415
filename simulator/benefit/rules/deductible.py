"""The deductible (起付线): what the patient pays before the fund begins."""

from simulator.core.jit import rule


@rule
def below_deductible(amount, deductible, used):
    """Fen of ``amount`` that still fall under the deductible, of which ``used`` fen lie on earlier bills: of the year
    for a yearly deductible, of the stay for a stay continued elsewhere, else 0."""
    return min(amount, max(0, deductible - used))
