"""The query for a family: what fits, and what is said of a mistake."""

from functools import cache

import numpy as np
import pytest

from simulator.core.errors import UserError
from simulator.core.names import TREATED
from simulator.engine.state.world import World
from simulator.study.trace.find import fields, find
from tests.small import Spec, world

pytestmark = pytest.mark.usefixtures("english")


@cache
def place() -> World:
    return world(Spec(families=200))


def test_the_families_found_are_those_with_such_a_member():
    people, families = place().persons, place().families
    fits = (people["age"] >= 65) & (people["hypertension"] == TREATED) & (families["urban"][people["family"]] == 0)
    wanted = sorted(set(people["family"][fits].tolist()))
    assert wanted
    assert find(place(), "age>=65 and hypertension=treated and urban=0") == wanted
    assert find(place(), "not (age<65 or hypertension!=treated) AND urban = 0") == wanted


def test_and_binds_before_or_and_money_is_in_yuan():
    old, rich = set(find(place(), "age>90")), set(find(place(), "income>=150000 and sex=female"))
    assert set(find(place(), "age>90 or income>=150000 and sex=female")) == old | rich
    poorest = int(np.argmin(place().families["income"][:-1]))
    income = place().families["income"][poorest] / 100
    assert poorest in find(place(), f"income<={income}")
    assert poorest not in find(place(), f"income>{income}")


def test_every_column_can_be_asked_for():
    for name in fields(place()):
        assert find(place(), f"{name}>=0") == list(range(200)) if name not in WORDS else True
    assert find(place(), "plan=resident or plan=employee") == list(range(200))


WORDS = ("sex", "plan", "area", "hypertension", "diabetes", "literacy")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "--find:1:1: say what the family should be like; columns: account, age"),
        ("agee>=65", "--find:1:1: `agee` is not a column: account, age"),
        ("agee>=65", "; did you mean `age`?"),
        ("age>=old", "--find:1:6: `old` is not a number"),
        ("age>=65 and hypertension=treatd", "--find:1:26: `treatd` is not one of none, undiagnosed"),
        ("age>=65 and hypertension=treatd", "; did you mean `treated`?"),
        ("hypertension=3", "`3` is not one of"),
        ("age 65", "--find:1:5: `age` is to be compared"),
        ("age>=65 urban=0", "--find:1:9: `urban`: `and` or `or` is expected here"),
        ("(age>=65", "--find:1:9: `)` is missing"),
        ("age>=65 and", "--find:1:12: a column, a sign and a value are expected, such as age>=65"),
        ("__import__('os')", "--find:1:1: `__import__` is not a column"),
        ("age!65", "--find:1:4: `!` is not a sign"),
        ("age>=nan", "`nan` is not a number"),
    ],
)
def test_a_mistake_has_its_column_and_the_nearest_word(query: str, told: str):
    with pytest.raises(UserError) as mistake:
        find(place(), query)
    assert told in str(mistake.value)
