"""Case mix (病例组合): what an admission weighs for how severe it is, within its case group and across them.

    weight = plain weight of the group · complications(s)
    complications(s) = exp(`weight_severity` · (s − threshold)), from `weight_least` to `weight_most`

Case groups are split by complications and comorbidities (CC, MCC): a bill, the code that it is given and the
price it is paid at all go by the weight of the case. The plain weight is such that the admissions expected of a group
weigh what the table of case groups says, and all admissions expected of the place weigh one on average, so that a base
rate is the price of a mean case (`illness/case_groups.py`).
"""

from simulator.core.jit import compiled
from simulator.core.maths import clip, exp, logistic


@compiled
def complications(severity, threshold, par):
    """What a case of this severity weighs against one at the severity from which its group is admitted."""
    return clip(exp(par.weight_severity * (severity - threshold)), par.weight_least, par.weight_most)


@compiled
def weight_of(severity, group, par):
    """Relative weight of an admission."""
    return group.plain_weight * complications(severity, group.threshold, par)


@compiled
def mean_complications(quantile, seen, threshold, par):
    """Mean of `complications` over the admissions expected of a group: ``quantile`` (n,) are equally likely
    severities, ``seen`` (n,) the chance that a doctor sees an episode of each."""
    admitted, weighed = 0.0, 0.0
    for n in range(len(quantile)):
        chance = logistic(par.admission_slope * (quantile[n] - threshold)) * seen[n]
        admitted += chance
        weighed += chance * complications(quantile[n], threshold, par)
    return weighed / admitted
