"""One alphabet for all names: what is one, what is none, and which two are taken for each other."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import naming
from simulator.core.errors import UserError

GOOD = (
    "county_community", "a", "7", "_signal", "P14", "市一院", "县域医共体 2", "Zhèjiāng", "b-", "übersicht", "हिन्दी",
    "x" * 60, "医" * 60, "中心_1",
)  # fmt: skip
BAD = {
    "../../evil": "has `.`",
    "/etc/passwd": "has `/`",
    "a/b": "has `/`",
    "a\\b": "has `\\\\`",
    ".hid": "has `.`",
    "..": "has `.`",
    "v1.2": "has `.`",
    "No.1 People": "has `.`",
    "a\u200bb": r"has `U\+200B`",
    "a\u202eb": r"has `U\+202E`",
    "a\ufe0fb": r"has `U\+FE0F`",
    "a\u3164b": r"has `U\+3164`",
    "a\nb": r"has `U\+000A`",
    "a\x00": r"has `U\+0000`",
    "a\u00a0b": r"has `U\+00A0`",
    "ａ": "has `ａ`",
    "𝐚𝐫𝐦": "has `𝐚`",
    "ﬁ": "has `ﬁ`",
    "٣": "has `٣`",
    "=cmd|x": "has `=`",
    "<b>": "has `<`",
    "a,b": "has `,`",
    "": "starts with",
    " a": "starts with",
    "a ": "starts with",
    "-a": "starts with",
    "a  b": "starts with",
    "p\u0430y": r"mixes letters that look alike \(Latin, Cyrillic\)",
    "nul": "device",
    "COM1": "device",
    "x" * 61: "61 characters, 60 at most",
}


@pytest.mark.parametrize("text", GOOD)
def test_a_name(text):
    assert naming.name(text) == text
    assert naming.as_folder(f"{text}.0") == f"{text}.0"


@pytest.mark.parametrize("text", BAD, ids=ascii)
def test_no_name(text, english):
    with pytest.raises(ValueError, match=BAD[text]):
        naming.name(text)


@pytest.mark.parametrize(("one", "other"), [("Pool", "pool"), ("рау", "pay"), ("СОМ", "COM"), ("Straße", "STRASSE")])
def test_taken_for_each_other(one, other):
    assert list(naming.mistakable([one, "else", other])) == [(other, one)]


@given(st.text(max_size=80))
def test_every_name_is_one_folder_of_its_own(text):
    try:
        naming.name(naming.normal(text))
    except ValueError:
        return
    name = naming.normal(text)
    assert Path(name).name == name == Path(f"/x/{name}.0").stem
    assert len(f".{name}.9999.9999999".encode()) <= 255
    assert not any(unicodedata.category(sign)[0] in "CZ" and sign != " " for sign in name)
    assert naming.as_folder(name) == name


@pytest.mark.parametrize("text", ["", ".", "..", ".x", "a/b", "a\\b", "c:", "a\x00", "a\n", " a", "x" * 121])
def test_leads_elsewhere(text, english):
    with pytest.raises(UserError, match="cannot be the name of a folder"):
        naming.as_folder(text)
