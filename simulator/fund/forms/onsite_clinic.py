"""On-site clinic (现场医疗服务管理): the insurer pays the clinic's doctors, who have a duty to keep its costs down."""

from typing import Annotated, ClassVar, Literal

import numpy as np

from simulator.core.money import instalment, rounded
from simulator.core.units import WAGES, PerYear, Scale
from simulator.fund.form import INSURER, Form, Month
from simulator.payment.rule import Transfer


class OnsiteClinic(Form):
    """The insurer pays a salary to every doctor of the clinic; in return the clinic weighs what claims cost the
    insurer. Care that is free there is a product of the policy with `at_compact` that pays 100 %.

    salary = doctors × salary / 12 a month
    """

    source: ClassVar[str] = "Carrier Shanghai, PICC Health and Quyang Hospital (evidence E07)"
    example: ClassVar[str] = """
baseline:
  plans:
    firm:
      kind: commercial
      premium: 600 yuan/year
      loading: 35%
      administration: 15%
      cover:
        stays: {care: inpatient, above: 2000 yuan/year, pays: 80%}
        clinic: {care: outpatient, pays: 100%, at_compact: true}
      compact: {facilities: centre_1}
      providers: {form: onsite_clinic, salary: 120000 yuan/year}
"""

    form: Literal["onsite_clinic"]
    """Form in which insurer and providers work together."""
    salary: Annotated[PerYear, WAGES]
    """What the insurer pays each doctor of the clinic."""
    duty: Scale = 0.5
    """How much the clinic weighs a fen that the insurer pays against one that it earns."""

    def settle(self, month: Month) -> list[Transfer]:
        """The month's salaries."""
        due = rounded(np.where(month.partner, month.doctors * self.salary, 0.0))
        return [Transfer(INSURER, "doctors", "onsite_salary", instalment(due, month.calendar))]

    def cost(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """What the insurer pays of a fen, as far as the duty weighs."""
        return np.repeat(np.where(partner, self.duty * share, 0.0)[:, None], 2, axis=1)
