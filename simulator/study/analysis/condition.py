"""What failing means: `OUTCOME < VALUE`, as the user writes it."""

import operator
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.sweep.study_checks import width

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Condition(NamedTuple):
    """An outcome, a sign and a value in the unit of its indicator; ``text`` is what was written."""

    outcome: str
    sign: str
    value: float
    text: str

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Whether it holds of each; not of one that is not known."""
        return SIGNS[self.sign](values, self.value)


def condition(text: str, outcomes: Iterable[str]) -> Condition:
    """What a text says of one of ``outcomes``.

    >>> condition("fund < -5%", ["fund", "visits"])
    Condition(outcome='fund', sign='<', value=-0.05, text='fund < -5%')

    Raises:
        UserError: it is none, or says an unknown outcome.
    """
    known = list(outcomes)
    found = re.fullmatch(r"\s*(\w+)\s*(<=|>=|<|>)\s*([-+]?)\s*(\S.*?)\s*", text)
    if found is None:
        raise UserError(say("analysis.condition", text=text, example=f"{known[0]} < 10%"), "--fails")
    outcome, sign, minus, amount = found.groups()
    if outcome not in known:
        raise UserError(say("sweep.unknown", name=outcome, known=", ".join(known)) + near(outcome, known), "--fails")
    try:
        value = width(amount)
    except ValueError as error:
        raise UserError(str(error), "--fails") from None
    return Condition(outcome, sign, -value if minus == "-" else value, text.strip())
