"""Any rules may be combined: a combination is refused in words, or runs with every account balanced to the fen."""

import pytest
from hypothesis import HealthCheck, given, settings

from simulator.core.errors import UserError, UserErrors
from simulator.payment import rule as rules
from tests.random_rules import ALL, combinations
from tests.small import COUNTY, SHORT, Spec, answer, model, scenario


def runs_or_is_refused(spec: Spec) -> None:
    """Every month of a run checks its ledger and replays its counts; a second run gives the same bytes."""
    try:
        scenario(spec)
    except (UserError, UserErrors):
        return
    first = model(spec).run()
    ledger = first.world.ledger
    assert ledger.balance.sum() == 0
    assert model(spec, engine="agents").run().digest() == first.digest()


@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
@given(spec=combinations())
def test_a_hundred_combinations(spec: Spec):
    runs_or_is_refused(spec)


@pytest.mark.long
@settings(max_examples=1000, suppress_health_check=list(HealthCheck), deadline=None)
@given(spec=combinations())
def test_a_thousand_combinations(spec: Spec):
    runs_or_is_refused(spec)


def test_the_name_of_a_rule_changes_no_byte(monkeypatch):
    """A rule under another name, as if its file were renamed, is the same rule."""
    spec = Spec((SHORT, COUNTY))
    expected = answer(spec)
    known = rules.found

    def renamed(folder: str) -> dict[str, type[rules.Rule]]:
        return {f"{name}_by_another_name": rule for name, rule in known(folder).items()}

    monkeypatch.setattr("simulator.scenario.rules.found", renamed)
    other = spec._replace(
        changes=(
            *spec.changes,
            "baseline.payment.inpatients.rule=drg_by_another_name",
            "baseline.payment.inpatients.base_rate=8700 yuan",
        )
    )
    assert ALL
    assert answer(other) == expected
