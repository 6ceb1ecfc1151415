"""Any rules may be combined: a combination is refused in words, or runs with every account balanced to the fen."""

import importlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator.payment.rules as rules
import simulator.payment.settlements as settlements
from simulator.core.errors import UserError, UserErrors
from tests.random_rules import combinations
from tests.small import COUNTY, SHORT, Spec, answer, model, scenario


def runs_or_is_refused(spec: Spec, **other_way: Any) -> None:
    """Every month of a run checks its ledger and replays its counts; a run in another way gives the same bytes."""
    try:
        scenario(spec)
    except (UserError, UserErrors):
        return
    first = model(spec).run()
    ledger = first.world.ledger
    assert ledger.balance.sum() == 0
    assert model(spec, **other_way).run().digest() == first.digest()


@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
@given(spec=combinations(), way=st.sampled_from(({"engine": "agents"}, {"blocks": 3}, {"blocks": 2, "threads": 2})))
def test_a_hundred_combinations(spec: Spec, way: dict[str, Any]):
    runs_or_is_refused(spec, **way)


@pytest.mark.long
@settings(max_examples=1000, suppress_health_check=list(HealthCheck), deadline=None)
@given(spec=combinations())
def test_a_thousand_combinations(spec: Spec):
    runs_or_is_refused(spec, blocks=3)


def blocks(drg: str, fee_for_service: str, salary: str) -> tuple[str, ...]:
    """The rules of the base, by the names of their files."""
    return (
        "baseline.payment.inpatients=remove",
        "baseline.payment.outpatients=remove",
        "baseline.settlements.doctor_pay=remove",
        f"baseline.payment.stays={{for: {{care: inpatient}}, rule: {drg}, base_rate: 8700 yuan}}",
        f"baseline.payment.visits={{for: rest, rule: {fee_for_service}, cap: {{growth: 0%, borne: 50%}}}}",
        f"baseline.settlements.pay={{for: all, rule: {salary}, basic: {{centre: 90000 yuan/year}}, pass_through: 30%}}",
    )


def test_the_name_of_a_rule_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The files under other names, a year and more, in which years are settled."""
    for package, names in ((rules, {"drg": "zzz", "fee_for_service": "aaa"}), (settlements, {"salary": "pay"})):
        folder = tmp_path / package.__name__
        folder.mkdir()
        for name, other in names.items():
            shutil.copy(Path(package.__path__[0]) / f"{name}.py", folder / f"{other}.py")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    importlib.invalidate_caches()
    one = Spec((SHORT, COUNTY, *blocks("drg", "fee_for_service", "salary")), families=60, months=13)
    other = Spec((SHORT, COUNTY, *blocks("zzz", "aaa", "pay")), families=60, months=13)
    assert answer(other) == answer(one)
