"""The language of the case files in ``rules/``: worlds of a few cells, counted and priced by hand.

A case is a mapping with a ``name`` and the parameters under ``rule``. With ``law: true`` its parameters are also held
to the laws of payment in random worlds (`lawful`); one that has no more than that is there for the laws alone. The
others have, as far as they need them,

- ``month`` 1 to 12, the month just over (1); ``plans``, how many (as many as its cells name); ``groups``, their names;
- ``facilities``, each ``{tier, doctors, beds, margin, in_scope}`` and, by indicator or deed,
  ``levels: {control_share: 0.3}``, ``activity: {outreach_hours: 12}``, the same of the closed year under
  ``activity_last_year``, ``elsewhere: [fen by plan]``;
- ``cells``, each ``{facility, care, plan, group, holder, in_scope, catalogue, usual_weight, usual_charge}``, what it
  counted in the month by name of the column, and the same under ``last_year`` and ``since_january`` (the closed months
  of this year before this one), there with ``fund`` for the fund's part. Without cells every facility has one, of
  outpatients, for each plan;
- ``panel``, each ``{facility, plan, heads: {65+ female hypertension: 10}, registered, signed, served, diagnosed,
  managed, controlled}``; ``registered`` is all heads and ``diagnosed`` all with a disease unless they are given; a
  number of heads without a class means ``18-44 male none``;
- ``fund_by_month``, the fund's part by cell of each earlier month; ``fund_this_month``; ``settled`` since January and
  ``settled_last`` year, what the rule settled by facility and plan.
"""

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from simulator.core.names import CARE, SEXES, TIERS
from simulator.payment.books import CELLS, COUNTED
from simulator.payment.closed import Books
from simulator.payment.market import Market
from simulator.payment.panel import BANDS, DISEASES, Panel, risk_class
from simulator.payment.rule import Rule

Case = dict[str, Any]
FOLDER = Path(__file__).parent / "rules"
HEADS = ("heads", "registered", "signed")
SINGLE = ("served", "diagnosed", "managed", "controlled")


def cases_of(name: str) -> list[Case]:
    """The cases of a rule, in the order of its file."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def lawful(rules: dict[str, type[Rule]]) -> dict[str, dict[str, Case]]:
    """Parameters by rule and case that the laws hold for: of the cases marked ``law``, or, without any, the example."""
    marked = {name: {case["name"]: case["rule"] for case in cases_of(name) if case.get("law")} for name in rules}
    return {name: marked[name] or {"its example": of_example(rule)} for name, rule in rules.items()}


def rows(case: Case) -> list[Case]:
    """The cells of a case."""
    every = [{"facility": f, "care": "outpatient", "plan": p} for f in range(len(case["facilities"])) for p in range(2)]
    return case.get("cells") or [row for row in every if row["plan"] < case.get("plans", 1)]


def mine(case: Case) -> np.ndarray:
    """Cells in the scope of the rule, bool (C,)."""
    places = case["facilities"]
    return np.array([row.get("in_scope", places[row["facility"]].get("in_scope", True)) for row in rows(case)], bool)


def market(case: Case) -> Market:
    """Facilities, cells and people as the case lists them."""
    listed, places = rows(case), case["facilities"]
    cells = CELLS.rows(len(listed))
    tier = np.array([TIERS.index(f["tier"]) for f in places])
    groups = tuple(case.get("groups", ()))
    for cell, row in zip(cells, listed, strict=True):
        cell["facility"], cell["care"], cell["plan"] = row["facility"], CARE.index(row["care"]), row.get("plan", 0)
        cell["tier"], cell["holder"] = tier[row["facility"]], row.get("holder", 0)
        cell["group"] = groups.index(row["group"]) if "group" in row else 0
    plans = case.get("plans", 1 + max(row.get("plan", 0) for row in listed))

    return Market(
        cells=cells,
        weight=np.array([row.get("usual_weight", 1.0) for row in listed]),
        charge=np.array([row.get("usual_charge", 100_000.0) for row in listed]),
        catalogue=np.array([row.get("catalogue", 1.0) for row in listed]),
        tier=tier,
        doctors=np.array([f.get("doctors", 0.0) for f in places]),
        plans=plans,
        month=0,
        calendar=case.get("month", 1),
        groups=groups,
        beds=np.array([f.get("beds", 0.0) for f in places]),
        panel=panel(case, plans),
        levels=by_place(case, "levels"),
        activity=by_place(case, "activity"),
        elsewhere=np.array([f.get("elsewhere", [0] * plans) for f in places], np.int64),
    )


def by_place(case: Case, key: str) -> dict[str, np.ndarray]:
    """What facilities tell under ``key``, by name (F,)."""
    places = case["facilities"]
    names = {name for f in places for name in f.get(key, {})}
    return {name: np.array([f.get(key, {}).get(name, 0.0) for f in places]) for name in sorted(names)}


def panel(case: Case, plans: int) -> Panel:
    """People by home centre, plan and risk class."""
    people = Panel.empty(len(case["facilities"]), plans)
    for row in case.get("panel", []):
        at = row["facility"], row.get("plan", 0)
        for name in HEADS:
            given = row.get(name, row.get("heads", 0) if name == "registered" else 0)
            for words, heads in (given if isinstance(given, dict) else {"18-44 male none": given}).items():
                band, sex, disease = words.split()
                number = risk_class(BANDS.index(band), SEXES.index(sex), DISEASES.index(disease))
                getattr(people, name)[*at, number] += heads
        ill = people.heads[at].reshape(-1, len(DISEASES))[:, 1:].sum()
        for name in SINGLE:
            getattr(people, name)[at] += row.get(name, ill if name == "diagnosed" else 0)
    return people


def counts(case: Case, when: str = "") -> np.ndarray:
    """What the cells counted in the month, or under ``last_year`` or ``since_january``, (C, len(COUNTED)) int64."""
    listed = [row.get(when, {}) if when else row for row in rows(case)]
    return np.array([[row.get(column, 0) for column in COUNTED] for row in listed], np.int64)


def books(case: Case) -> Books:
    """Closed months before the month of the case: last year if any cell or facility tells of it, then this one since
    January."""
    month = case.get("month", 1)
    closed = Books(len(rows(case)))
    if "fund_by_month" in case:
        for back, fund in zip(range(len(case["fund_by_month"]), 0, -1), case["fund_by_month"], strict=True):
            closed.add(counts(case), np.array(fund, np.int64), (month - back - 1) % 12 + 1)
        return closed

    done = by_place(case, "activity_last_year")

    def year(when: str, months: int, settled: str) -> None:
        total = counts(case, when)
        fund = np.array([row.get(when, {}).get("fund", 0) for row in rows(case)], np.int64)
        for calendar in range(1, months + 1):
            last = int(calendar == months)
            deeds = done if last and when == "last_year" else {}
            closed.add(last * total, last * fund, calendar, activity=deeds)
        if settled in case:
            closed.enter("rule", np.array(case[settled], np.int64))

    if done or any("last_year" in row for row in rows(case)):
        year("last_year", 12, "settled_last")
    year("since_january", month - 1, "settled")
    return closed


def close(case: Case, before: Books, fund: np.ndarray) -> Books:
    """The books with the month of the case; ``fund`` (C,) is the fund's part that the tariff gives."""
    after = before.copy()
    paid = np.array(case.get("fund_this_month", fund), np.int64)
    after.add(counts(case), paid, case.get("month", 1), activity=by_place(case, "activity"))
    return after


def of_example(rule: type[Rule]) -> dict:
    """The parameters of a rule's example, which is one block of a scenario."""
    (block,) = yaml.safe_load(rule.example).values()
    return {key: value for key, value in block.items() if key in rule.model_fields}
