"""The panel by class of risk, counted by hand."""

import numpy as np
import pytest

from simulator.core.names import CONTROLLED, DIAGNOSED, FEMALE, MALE, NONE, TREATED, UNDIAGNOSED
from simulator.engine.state.people import PEOPLE
from simulator.payment.panel import AGE_FROM, BANDS, CLASS_NAMES, CLASSES, class_of, count


@pytest.mark.parametrize(
    ("age", "sex", "hypertension", "diabetes", "expected"),
    [(0, MALE, NONE, NONE, ("0-6", "male", "none")), (6, FEMALE, NONE, NONE, ("0-6", "female", "none")),
     (7, MALE, NONE, NONE, ("7-17", "male", "none")), (17, MALE, NONE, NONE, ("7-17", "male", "none")),
     (18, MALE, UNDIAGNOSED, DIAGNOSED, ("18-44", "male", "diabetes")),
     (64, FEMALE, CONTROLLED, UNDIAGNOSED, ("45-64", "female", "hypertension")),
     (101, FEMALE, TREATED, CONTROLLED, ("65+", "female", "both"))],
)  # fmt: skip
def test_classes(age: int, sex: int, hypertension: int, diabetes: int, expected: tuple[str, str, str]):
    assert CLASS_NAMES[int(class_of(age, sex, hypertension, diabetes))] == expected


@pytest.mark.parametrize("hypertension", range(5))
@pytest.mark.parametrize("diabetes", range(5))
def test_a_disease_makes_a_class_from_the_day_it_is_known(hypertension: int, diabetes: int):
    """States in their order: none, undiagnosed, diagnosed, treated, controlled."""
    known = {name for name, state in (("hypertension", hypertension), ("diabetes", diabetes)) if state > 1}
    expected = "both" if len(known) == 2 else next(iter(known), "none")
    assert CLASS_NAMES[int(class_of(50, MALE, hypertension, diabetes))][2] == expected


def test_bands_begin_where_they_say():
    assert [int(band.rstrip("+").split("-")[0]) for band in BANDS] == list(AGE_FROM)


def test_a_panel_by_hand():
    people = PEOPLE.rows(5)
    people["age"], people["plan"] = [70, 70, 30, 5, 50], [0, 0, 1, 1, 0]
    people["hypertension"] = [CONTROLLED, TREATED, NONE, NONE, CONTROLLED]
    people["diabetes"] = [NONE, CONTROLLED, NONE, NONE, UNDIAGNOSED]
    people["signed"], people["served"] = [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]
    people["floating"], people["managed"] = [0, 0, 1, 0, 0], [1, 0, 0, 0, 1]
    panel = count(people, np.array([2, 2, 2, 2, 0]), 3, 2)
    old_ill, old_both = CLASS_NAMES.index(("65+", "male", "hypertension")), CLASS_NAMES.index(("65+", "male", "both"))
    assert panel.heads.shape == panel.signed.shape == panel.registered.shape == (3, 2, CLASSES)
    assert panel.heads.sum(axis=2).tolist() == [[1, 0], [0, 0], [2, 2]]
    assert panel.signed[2, 0, [old_ill, old_both]].tolist() == [1, 1]
    assert panel.signed.sum() == 3
    assert panel.registered.sum(axis=2).tolist() == [[1, 0], [0, 0], [2, 1]]
    assert panel.served.tolist() == [[0, 0], [0, 0], [1, 0]]
    assert panel.diagnosed.tolist() == [[1, 0], [0, 0], [2, 0]]
    assert panel.managed.tolist() == [[1, 0], [0, 0], [1, 0]]
    assert panel.controlled.tolist() == [[0, 0], [0, 0], [1, 0]], "an unknown disease is not controlled"
    assert {array.dtype for array in (panel.heads, panel.served)} == {np.dtype(np.int64)}
