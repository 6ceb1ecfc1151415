"""The panel by class of risk, counted by hand."""

import numpy as np
import pytest

from simulator.core.names import CONTROLLED, DIAGNOSED, FEMALE, MALE, NONE, TREATED, UNDIAGNOSED
from simulator.engine.panel import count
from simulator.payment.panel import BANDS, CLASSES, DISEASES, risk_class
from simulator.population.people import PEOPLE


def class_of(band: str, sex: int, disease: str) -> int:
    return risk_class(BANDS.index(band), sex, DISEASES.index(disease))


@pytest.mark.parametrize(
    ("age", "sex", "hypertension", "diabetes", "expected"),
    [(0, MALE, NONE, NONE, ("0-6", MALE, "none")), (6, FEMALE, NONE, NONE, ("0-6", FEMALE, "none")),
     (7, MALE, NONE, NONE, ("7-17", MALE, "none")), (17, MALE, NONE, NONE, ("7-17", MALE, "none")),
     (18, MALE, UNDIAGNOSED, DIAGNOSED, ("18-44", MALE, "diabetes")),
     (64, FEMALE, CONTROLLED, UNDIAGNOSED, ("45-64", FEMALE, "hypertension")),
     (101, FEMALE, TREATED, CONTROLLED, ("65+", FEMALE, "both"))],
)  # fmt: skip
def test_one_person(age: int, sex: int, hypertension: int, diabetes: int, expected: tuple[str, int, str]):
    people = PEOPLE.rows(1)
    for column, value in (("age", age), ("sex", sex), ("hypertension", hypertension), ("diabetes", diabetes)):
        people[column] = value
    heads = count(people, np.array([0]), 1, 1).heads
    assert heads[0, 0].nonzero()[0].tolist() == [class_of(*expected)]


def test_a_panel_by_hand():
    people = PEOPLE.rows(5)
    people["age"], people["plan"] = [70, 70, 30, 5, 50], [0, 0, 1, 1, 0]
    people["hypertension"] = [CONTROLLED, TREATED, NONE, NONE, CONTROLLED]
    people["diabetes"] = [NONE, CONTROLLED, NONE, NONE, UNDIAGNOSED]
    people["signed"], people["served"] = [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]
    people["floating"], people["managed"] = [0, 0, 1, 0, 0], [1, 0, 0, 0, 1]
    panel = count(people, np.array([2, 2, 2, 2, 0]), 3, 2)
    old = [class_of("65+", MALE, disease) for disease in ("hypertension", "both")]
    assert panel.heads.shape == panel.signed.shape == panel.registered.shape == (3, 2, CLASSES)
    assert panel.heads.sum(axis=2).tolist() == [[1, 0], [0, 0], [2, 2]]
    assert panel.signed[2, 0, old].tolist() == [1, 1]
    assert panel.signed.sum() == 3
    assert panel.registered.sum(axis=2).tolist() == [[1, 0], [0, 0], [2, 1]]
    assert panel.served.tolist() == [[0, 0], [0, 0], [1, 0]]
    assert panel.diagnosed.tolist() == [[1, 0], [0, 0], [2, 0]]
    assert panel.managed.tolist() == [[1, 0], [0, 0], [1, 0]]
    assert panel.controlled.tolist() == [[0, 0], [0, 0], [1, 0]], "a disease that nobody knows of is not controlled"
    assert {array.dtype for array in (panel.heads, panel.served)} == {np.dtype(np.int64)}
