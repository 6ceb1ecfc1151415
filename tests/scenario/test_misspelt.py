"""Any one misspelt key of the base is refused, at its own line or where the name it gave is missed."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.core.errors import UserError
from simulator.scenario import load, scenarios_folder

TEXT = (scenarios_folder() / "base.yaml").read_text(encoding="utf-8")
FREE = {"inpatients", "outpatients", "doctor_pay"}
"""Names that the author gives and nothing else refers to."""
ELSEWHERE = {"format", "form", "resident", "employee", "above"}
"""Missing ones show elsewhere: at the top of the file or block, or where others (a source by column) refer to them."""
SOURCES = range(TEXT.index("\nsources:") + len("\nsources:"), TEXT.index("\ntime:"))
"""Names of sources may be unused."""


def is_key(m: re.Match) -> bool:
    before = TEXT[TEXT.rfind("\n", 0, m.start("key")) + 1 : m.start("key")]
    return "#" not in before and before.count('"') % 2 == 0 and m["key"] not in FREE and m.start("key") not in SOURCES


KEYS = [m for m in re.finditer(r"(?m)(?:^ *|[{,] ?)(?P<key>[a-z_][a-z_0-9]*):(?= |$)", TEXT) if is_key(m)]


def test_the_keys_are_found() -> None:
    assert {"title", "warm_up", "by_age", "consultation", "base_rate", "cap", "borne", "pass_through", "level"} < {
        m["key"] for m in KEYS
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KEYS), st.integers(0, 30), st.sampled_from("qxz"))
def test_misspelt_key_is_refused(tmp_path: Path, key: re.Match, at: int, letter: str) -> None:
    word, start = key["key"], key.start("key")
    at %= len(word)
    file = tmp_path / "misspelt.yaml"
    file.write_text(TEXT[:start] + word[:at] + letter + word[at:] + TEXT[key.end("key") :], encoding="utf-8")
    with pytest.raises(UserError) as refused:
        load(file)
    if word not in ELSEWHERE:
        line = TEXT.count("\n", 0, start) + 1
        assert line in {e.line for e in refused.value.all}, str(refused.value)


COUNTY = (Path(__file__).parent / "data" / "county_community.yaml").read_text(encoding="utf-8")
NAMES = {"budget_overspend_shared", "weak_townships", "old_county", "alliance_in_name", "programme_report"}
"""Names that the author gives, or that only a misspelt reference to them would miss."""
UNUSED = range(COUNTY.index("\noverrides:"), COUNTY.index("\noutputs:"))
"""What an override holds is looked at when it is chosen."""
MISSED = {"format", "extends", "resident", "baseline", "community_budget", "county_community", "network", "time"}
"""Missing ones show at the top of the file, or where others refer to them."""
COUNTY_KEYS = [
    m
    for m in re.finditer(r"(?m)(?:^ *|[{,] ?|\.)(?P<key>[a-z_][a-z_0-9]*)(?=:(?: |$)|\.[a-z])", COUNTY)
    if "#" not in COUNTY[COUNTY.rfind("\n", 0, m.start()) + 1 : m.start("key")]
    and '"' not in COUNTY[COUNTY.rfind("\n", 0, m.start()) + 1 : m.start("key")]
    and m["key"] not in NAMES | {"yaml", "base_2017"}
    and m.start("key") not in UNUSED
]


def test_the_keys_of_reforms_are_found() -> None:
    assert {
        "timeline",
        "members",
        "below",
        "tightness",
        "combines",
        "but",
        "overspend_borne",
        "none_at",
        "from",
        "by",
    } < {m["key"] for m in COUNTY_KEYS}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(COUNTY_KEYS), st.integers(0, 30), st.sampled_from("qxz"))
def test_misspelt_key_of_a_reform_is_refused(tmp_path: Path, key: re.Match, at: int, letter: str) -> None:
    word, start = key["key"], key.start("key")
    at %= len(word)
    file = tmp_path / "misspelt.yaml"
    file.write_text(COUNTY[:start] + word[:at] + letter + word[at:] + COUNTY[key.end("key") :], encoding="utf-8")
    with pytest.raises(UserError) as refused:
        load(file)
    if word not in MISSED:
        line = COUNTY.count("\n", 0, start) + 1
        assert line in {e.line for e in refused.value.all}, str(refused.value)
