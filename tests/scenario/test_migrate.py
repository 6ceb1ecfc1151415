"""Migration splices the text: nothing but what a migration speaks of changes, comments least of all."""

import re
from pathlib import Path

import pytest

from simulator.core.errors import Place, UserError
from simulator.scenario import load, scenarios_folder
from simulator.scenario.migrate import Splice, migrate, migrated, spliced

OLD = """\
# a draft
format: 0     # the version
extends: base.yaml
title: {en: Old, zh: 旧}
description: {en: Old, zh: 旧}
network: {form: county, townships: 3, villages_per_township: 4}   # keep me
baseline.payment.inpatients.tier_factor.centre: 0.3
baseline:
  incentives:     # 激励
    doctor_pay: {bonus_from_margin: 20%}
overrides:
  wide: {network: {villages_per_township: 7}}
"""
NEW = """\
# a draft
format: 1     # the version
extends: base.yaml
title: {en: Old, zh: 旧}
description: {en: Old, zh: 旧}
network: {form: county, townships: 3, villages: 4}   # keep me
baseline.payment.inpatients.tier_coefficient.centre: 0.3
baseline:
  settlements:     # 激励
    doctor_pay: {pass_through: 20%}
overrides:
  wide: {network: {villages: 7}}
"""
BUDGET = """\
format: 0
reforms:
  a:
    timeline:
      2024-01:
        payment:
          beds: {tier_factor: {centre: 0.6}}   # a tariff
          pool:     # one budget
            for: {alliances: x}
            takes_from: all       # whatever paid before
            rule: global_budget
  b:
    combines: [a]
    but:
      payment: {pool: {overspend_borne: 50%}}
"""


def test_the_draft_becomes_a_scenario_that_loads(write) -> None:
    assert migrated(OLD, "f") == NEW
    s = load(write(NEW, head=""), with_=["wide"])
    assert (s.network.villages, s.baseline.settlements["doctor_pay"].rule.pass_through) == (7, 0.2)


def test_a_budget_moves_above_the_tariffs() -> None:
    tree = migrated(BUDGET, "f")
    assert "        settlements:\n          pool:     # one budget\n            for: {alliances: x}\n" in tree
    assert "takes_from" not in tree
    assert "beds: {tier_coefficient: {centre: 0.6}}   # a tariff" in tree
    assert "      settlements: {pool: {overspend_borne: 50%}}" in tree


@pytest.mark.parametrize(
    "payment",
    [
        "payment: {pool: {rule: global_budget}, beds: {rule: drg}}",
        "payment: {beds: {rule: drg}, pool: {rule: global_budget}}",
        "payment: {pool: {rule: global_budget}}\n  incentives: {pay: {rule: salary}}",
    ],
)
def test_what_cannot_be_spliced_is_left_to_the_user(payment: str) -> None:
    with pytest.raises(UserError, match=r"f:3:\d+: baseline\.payment\.pool: .*by hand"):
        migrated(f"format: 0\nbaseline:\n  {payment}\n", "f")


def test_the_current_version_stays_as_it_is() -> None:
    for file in scenarios_folder().glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert migrated(text, file.name) == text


@pytest.mark.parametrize(
    "text", ["title: {en: a, zh: b}\n", "format: 9\n", "format: new\n", "- a\n", "format: 0\na: [\n"]
)
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        migrated(text, "f")


def test_the_file_changes_only_when_told_to_and_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "old.yaml"
    file.write_text(OLD, encoding="utf-8")
    file.chmod(0o640)
    diff = migrate(file)
    assert file.read_text(encoding="utf-8") == OLD
    assert re.findall(r"(?m)^[-+](?![-+]).*", diff)[:2] == [
        "-format: 0     # the version",
        "+format: 1     # the version",
    ]
    assert migrate(file, write=True) == diff
    assert file.read_text(encoding="utf-8") == NEW
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]
    assert migrate(file, write=True) == ""


def test_line_ends_stay(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    file.write_bytes(BUDGET.replace("\n", "\r\n").encode())
    migrate(file, write=True)
    text = file.read_bytes().decode()
    assert text.replace("\r\n", "\n") == migrated(BUDGET, "f")
    assert "\n" not in text.replace("\r\n", "")


def test_a_draft_says_how_it_is_brought_up_to_date(write) -> None:
    with pytest.raises(UserError, match=r"child.yaml:2:9: format: .*`tiercare migrate child.yaml`"):
        load(write(OLD, head=""))


def test_a_splice_that_does_not_fit_is_refused() -> None:
    splice = Splice(Place("f", 2, 3), "b", "c")
    assert spliced("a:\n  b: 1\n", [splice]) == "a:\n  c: 1\n"
    with pytest.raises(ValueError, match="does not stand here"):
        spliced("a:\n  x: 1\n", [splice])
