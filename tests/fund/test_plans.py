"""Every kind of plan has its file of examples that policy staff can check by hand, to the fen."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from simulator.benefit.layers import PAYERS
from simulator.core.meanings import meaning
from simulator.engine.state.people import FAMILIES, PEOPLE
from simulator.fund.insurers import Insurer, close_year
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.plan import Adjusting, Plan, Policy, Relief, found, whole
from simulator.fund.plans.basic import Basic
from simulator.fund.relief import Reliever
from simulator.fund.reserves import asked_for
from simulator.fund.settlement import Accounts, Financing, Retired, post_financing

FOLDER = Path(__file__).parent / "plans"
KINDS = found()
FILES = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.yaml"))}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['name']}")
    for name, cases in FILES.items()
    if not issubclass(KINDS.get(name, Plan), Adjusting)  # those are worked out in `test_adjustment`
    for case in cases
]
PLACES, ILL = ["a", "b", "c"], 3


def test_every_kind_has_its_case_file():
    assert list(FILES) == list(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_documented(name):
    kind = KINDS[name]
    assert kind.__doc__
    assert kind.source
    assert all(meaning(kind, name) for name in kind.model_fields)
    assert kind.model_fields["kind"].annotation.__args__ == (name,)
    assert kind.model_config["extra"] == "forbid"
    assert kind.model_config["frozen"]


def test_parts_that_are_no_whole_are_refused_with_their_sum():
    assert whole({"a": 0.25, "b": 0.75}) == {"a": 0.25, "b": 0.75}
    with pytest.raises(ValueError, match=r"\b95%"):
        whole({"a": 0.25, "b": 0.7})


def play_basic(plan: Basic, of: dict, ledger: Ledger, accounts: Accounts) -> None:
    """A month of the fund; ``held`` months of spending last January where the policy acts."""
    persons, enrolled = (np.array([of.get(key, of["persons"])]) for key in ("persons", "enrolled"))
    money = (np.array([getattr(plan, what)]) for what in ("premium", "employer", "subsidy"))
    other = (np.array([plan.of_retired(what)]) for what in ("premium", "employer"))
    financing = Financing(persons, *money, enrolled, Retired(np.array([of.get("retired", 0)]), *other))
    assert int(sum(getattr(financing, what)[0] for what in ("premium", "employer", "subsidy"))) == plan.income
    if "held" in of:
        asked = np.array([plan.reserve_policy.next(1.0, of["held"])])
        financing = asked_for(financing, [plan.reserve_policy], asked)
    post_financing(ledger, accounts, financing, of.get("calendar", 1))


def play_policy(plan: Policy, of: dict, ledger: Ledger, accounts: Accounts) -> None:
    """A year: who joined pays, the first place sends the claims, December closes."""
    size = of["persons"]
    persons = PEOPLE.rows(size)
    persons["age"] = 30
    persons["hypertension"][: of.get("ill", 0)] = ILL
    charges = np.full(size, of.get("charges", 100_000))
    charges[: of.get("ill", 0)] = of.get("charges_of_ill", 0)
    signed = np.array(of.get("signed", [True] * len(PLACES)))
    insurer = Insurer("plan", plan, ledger.index[f"{plan.account}:plan"], {}, signed)
    price = insurer.price(persons, np.ones(size, bool), charges)
    insurer.begin(ledger, np.arange(size) < of["joined"], price, charges, of.get("months", 12))
    ledger.post(f"{plan.account}:plan", "facility:a", PAYERS[plan.payer], of.get("claims", 0))
    close_year(ledger, accounts, insurer, np.array(of.get("work", [1, 1, 1])))


def play_relief(plan: Relief, of: dict, ledger: Ledger, relief: list | None) -> None:
    """A month: donations, and what families that paid ``beyond`` their thresholds get."""
    account = f"{plan.account}:plan"
    ledger.post("donors", account, "donation", of["held"])
    ledger.close()
    families = FAMILIES.rows(len(of["beyond"]))
    families["catastrophic_at"] = families["paid_year"] = 500_000
    reliever = Reliever("plan", ledger.index[account], plan)
    reliever.begin_month(ledger, families, of["persons"], of.get("calendar", 6))
    families["paid_year"] += np.array(of["beyond"])
    assert reliever.relieve(ledger, families).tolist() == relief


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    plan = KINDS[name].model_validate({"kind": name} | case["plan"])
    own = "fund:plan@place" if isinstance(plan, Basic) else f"{plan.account}:plan"
    ledger = Ledger(account_names(["plan@place"], PLACES, insurers=[] if isinstance(plan, Basic) else [own]))
    accounts = Accounts.of(ledger, ["plan@place"], PLACES)
    if isinstance(plan, Basic):
        play_basic(plan, case["of"], ledger, accounts)
    elif isinstance(plan, Policy):
        play_policy(plan, case["of"], ledger, accounts)
    else:
        assert isinstance(plan, Relief)
        play_relief(plan, case["of"], ledger, case.get("relief"))
    rows = ledger.rows(ledger.close())
    claims = {PAYERS[plan.payer]} if isinstance(plan, Policy) else set()
    moved = {
        f"{payer} to {payee}, {kind}": fen
        for payer, payee, kind, fen in zip(*(rows[key] for key in ("from", "to", "kind", "fen")), strict=True)
        if kind not in claims
    }
    assert moved == case["moves"]
    if "left" in case:
        assert int(ledger.balance[ledger.index[own]]) == case["left"]


def test_every_kind_is_one_whose_cases_are_worked_out():
    assert all(issubclass(kind, Basic | Policy | Relief | Adjusting) for kind in KINDS.values())
