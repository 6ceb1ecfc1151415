"""Files that are not what they are called: one sentence each, and no traceback."""

import random

import pytest

from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.study.sweep.read import read_study

TABLE = "illness: {case_groups: {table: groups.csv}}\n"
GROUPS = "group,ages,severity_mean\ncold,all,0.2\n"
WRONG = {
    "latin": ("Grippe,é\n".encode("latin-1"), "groups.csv:1:8: the file is not UTF-8 text"),
    "binary": (random.Random(1).randbytes(4000), "groups.csv:1:1: the file is not UTF-8 text"),
    "large field": (f"group,ages\ncold,{'x' * 200_000}\n".encode(), "groups.csv:2:1: not a line of a CSV table"),
    "open quote": (b'group,ages\ncold,"all\n', "groups.csv:2:1: not a line of a CSV table"),
    "twice": (b"group,ages,ages\ncold,all,0-4\n", "groups.csv:1:1: ages: this column is there twice"),
    "wide": (b"group,ages\ncold,all,3\n", "groups.csv:2:1: cold: 3 values where there are 2 columns"),
    "empty": (b"# nothing\n", "groups.csv: the table is empty"),
}


@pytest.mark.parametrize("name", WRONG)
def test_no_table(write, name):
    content, sentence = WRONG[name]
    file = write(TABLE)
    (file.parent / "groups.csv").write_bytes(content)
    with pytest.raises(UserError) as refused:
        load(file)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("text", ["x" * 5000, "x\\0.csv", "../" * 3000 + "x"])
def test_a_name_that_no_disk_takes(write, text):
    for body in (f'illness: {{case_groups: {{table: "{text}"}}}}\n', f'extends: "{text}"\n'):
        head = "format: 1\n" if "extends" in body else None
        file = write(body, head=head) if head else write(body)
        with pytest.raises(UserError, match=r"there is no (file|table)") as refused:
            load(file)
        assert len(str(refused.value)) < 300


@pytest.mark.parametrize("text", ["x" * 5000, "../" * 3000 + "x"])
def test_a_scenario_of_a_study_that_no_disk_takes(write, text):
    file = write(
        f"title: {{en: A, zh: 甲}}\nquestion: Q?\nscenario: {text}\n"
        "levers: {pays: {sets: population.poor, values: [1%]}}\n"
        "outcomes: {first: {indicator: first_contact_rate_primary}}\ndesign: {kind: grid}\n",
        head="format: 1\n",
    )
    with pytest.raises(UserError, match="there is no file"):
        read_study(file)


def test_a_file_of_too_many_values(write):
    file = write("sources:\n" + "".join(f"  s{n}: a b\n" for n in range(60_000)))
    with pytest.raises(UserError, match=r"child.yaml:\d+:\d+: the file has more than 50000 values"):
        load(file)


def test_too_many_reforms(write):
    file = write("reforms:\n" + "".join(f"  r{n}: {{title: {{en: a, zh: 甲}}, combines: []}}\n" for n in range(101)))
    with pytest.raises(UserError, match=r"child.yaml:106:3: reforms: 101 names, 100 at most"):
        load(file)
