"""Signs of signing a contract with the family doctor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.choice.contract import chance_signing, knows
from simulator.core import behaviour

PAR = behaviour.row()[0]
USUAL = {
    "trust": 0.68, "age": 40, "diagnosed": False, "floating": 0, "signed": 0, "gain": 0.0, "recruit": 0.5,
}  # fmt: skip


def chance(**changes: float) -> float:
    return float(chance_signing(*(USUAL | changes).values(), PAR))


@pytest.mark.parametrize(
    ("column", "rising"),
    [("trust", (0.2, 0.5, 0.9)), ("age", (30, 65)), ("diagnosed", (False, True)), ("gain", (-120.0, 0.0, 120.0)),
     ("recruit", (0.0, 0.5, 1.0)), ("floating", (1, 0)), ("signed", (0, 1))],
)  # fmt: skip
def test_who_signs(column: str, rising: tuple[float, ...]):
    chances = [chance(**{column: value}) for value in rising]
    assert chances == sorted(set(chances))
    assert 0 < chances[0] < chances[-1] < 1


def test_nobody_is_recruited_to_renew():
    assert chance(signed=1, recruit=0.0) == chance(signed=1, recruit=1.0)


def test_renewal_is_that_of_the_survey():
    """89 % would renew, of signed people, who trust a little more and are ill a little more often than others."""
    assert 0.85 < chance(signed=1) < 0.89 < chance(signed=1, age=70, diagnosed=True)


@given(u=st.floats(0, 1, exclude_max=True), low=st.floats(0, 1), high=st.floats(0, 1))
def test_effort_reaches_more_and_never_fewer(u: float, low: float, high: float):
    low, high = sorted((low, high))
    assert knows(u, low, PAR) <= knows(u, high, PAR)
    assert knows(u, 1.0, PAR)
    assert knows(u, 0.0, PAR) == (u < PAR.sign_aware)
