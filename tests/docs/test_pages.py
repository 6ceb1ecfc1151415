"""The pages say what the program does: generated ones are fresh, listed ones complete, examples run."""

import re
from pathlib import Path

import pytest

from simulator import HealthSystem, load
from simulator.core import behaviour
from simulator.core.messages import catalogue
from simulator.core.names import TIERS
from simulator.count.indicators.catalogue import INDICATORS
from simulator.engine.month import PHASES
from simulator.engine.state.facilities import FACILITIES
from simulator.scenario.schema import reference
from simulator.study.run_tables import ON_REQUEST, SUMMARY, TABLES
from tests.reach import PAID, believing, offer
from tests.small import Spec, model, world

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md"])


@pytest.mark.parametrize("page", ["scenario.md", "tables.md", "indicators.md"])
def test_generated_pages_are_fresh(page: str) -> None:
    wanted = reference.pages()[DOCS / page]
    assert (DOCS / page).read_text(encoding="utf-8") == wanted, f"run: {reference.COMMAND}"


def test_the_reference_has_every_rule_and_no_unreadable_type() -> None:
    text = reference.scenario_page()
    for rule in ("drg", "fee_for_service", "salary", "global_budget"):
        assert f"## rule: {rule}\n" in text
    cells = [line.split(" | ")[1] for line in text.splitlines() if line.startswith("| `") and line.count(" | ") == 3]
    assert cells
    wrong = r"Annotated|typing|<class|PydanticUndefined|None|one of: a name"
    assert [cell for cell in cells if re.search(wrong, cell) and cell != "one or a list of: a name"] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        if "://" in name:
            continue
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor and file.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {anchor_of(heading) for heading in headings}, f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    examples = set(re.findall(r"<!-- ([\w/.]+) -->", page.read_text(encoding="utf-8")))
    for name in set(re.findall(r"`([\w/]+\.(?:py|yaml|csv|md))`", page.read_text(encoding="utf-8"))) - examples:
        if not name.startswith("RUN/") and "NAME" not in name and "my_place" not in name:
            assert any((ROOT / folder / name).is_file() for folder in ("", "simulator", "scenarios")), name


def test_the_month_of_the_page_is_that_of_the_program() -> None:
    table = re.findall(r"^\| (\d+) \| `(\w+)` \|", (DOCS / "model.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for _, name in table] == [phase.__name__ for phase in PHASES]
    assert [int(number) for number, _ in table] == list(range(1, len(PHASES) + 1))


def test_parameters_that_the_model_page_names_exist() -> None:
    text = (DOCS / "model.md").read_text(encoding="utf-8").partition("## 7. Submodels")[2].partition("### 7.11")[0]
    parameters = {each.name for each in behaviour.parameters()}
    known = parameters | set(FACILITIES.dtype.names or ()) | {phase.__name__ for phase in PHASES}
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text))
    assert len(named & parameters) > 50
    assert named <= known


def anchor_of(heading: str) -> str:
    """As web pages of Markdown files name a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.fixture(scope="module")
def reaching() -> HealthSystem:
    """A run with contracts, outreach, remote consultation and people registered elsewhere."""
    spec = Spec(("time.warm_up=1 months", "population.floating=20%"), families=100, months=12)
    with pytest.MonkeyPatch.context() as patch:
        believing(patch, **PAID)
        return model(spec, start=offer(world(spec))).run()


@pytest.fixture(scope="module")
def fed(reaching: HealthSystem) -> set[tuple[str, str, str, str, str]]:
    """What the engine yields: indicator, tier, plan, part, alliance."""
    columns = ["indicator", "tier", "plan", "part", "alliance"]
    changes = ["time.warm_up=1 months"]
    online = "network.facilities.web={tier: online, delivery: {fee: 8 yuan}}"
    base = load("base", families=1000, months=12, changes=[*changes, online])
    county = ROOT / "scenarios" / "programmes" / "zhejiang_county_community.yaml"
    budget = load(county, [*changes, "reforms.community_budget.starts=2017-01"], families=100, months=1)
    plan = "baseline.plans.help={kind: mutual, premium: 100 yuan/year, cover: {visits: {care: outpatient, pays: 50%}}}"
    reading = "baseline.services.remote_reading={price: 60 yuan, fund_pays: 70%}"
    offered = "baseline.services.preventive_visits={from_age: 45}"
    brought = "baseline.services.drug_delivery={lacks: 20%, fee: 8 yuan}"
    mutual = load("base", [*changes, plan, reading, offered, brought], families=100, months=1)
    found = set(reaching.frames()["monthly"][columns].itertuples(index=False, name=None))
    for place, arm in ((base, "baseline"), (budget, "community_budget"), (mutual, "baseline")):
        monthly = HealthSystem(place, arm).run().frames()["monthly"]
        found |= set(monthly[columns].itertuples(index=False, name=None))
    return found


def listed() -> dict[str, tuple[str, str]]:
    """Unit and dimensions of every indicator of the page."""
    text = (DOCS / "indicators.md").read_text(encoding="utf-8").partition("\n# Tables of a run folder")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE)
    assert len(rows) == len(dict((name, 0) for name, *_ in rows)), "an indicator is listed twice"
    return {name: (unit.strip(), dimensions.strip()) for name, unit, dimensions in rows}


def test_every_indicator_that_can_be_named_has_figures_and_is_listed(fed: set[tuple[str, str, str, str, str]]) -> None:
    assert {name for name, *_ in fed} == set(INDICATORS) == set(listed())


def test_dimensions_are_those_of_the_page(fed: set[tuple[str, str, str, str, str]]) -> None:
    for name, (_, dimensions) in listed().items():
        rows = [row[1:] for row in fed if row[0] == name]
        tiers, plans, parts, alliances = ({row[k] for row in rows} - {""} for k in range(4))
        assert bool(tiers) == ("tier" in dimensions), name
        assert bool(tiers & {*TIERS, "primary"} - {"secondary", "tertiary"}) <= ("hospital tiers" not in dimensions), (
            name
        )
        assert bool(plans) == ("plan" in dimensions), name
        assert bool(parts) == ("part" in dimensions), name
        assert bool(alliances) == ("alliance" in dimensions), name
        if "`" in dimensions:
            assert parts == set(re.findall(r"`(\w+)`", dimensions)), name


@pytest.mark.parametrize("table", [*TABLES.values(), *ON_REQUEST.values(), SUMMARY], ids=lambda table: table.title)
def test_tables_of_a_run_folder_are_those_of_the_page(table) -> None:
    assert table.markdown() in (DOCS / "indicators.md").read_text(encoding="utf-8")


def test_example_scenarios_load(tmp_path: Path) -> None:
    guide = (DOCS / "scenario.md").read_text(encoding="utf-8").partition(reference.MARK)[0]
    guide += (ROOT / "README.md").read_text(encoding="utf-8")
    examples = [block for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if block.startswith("format: 1")]
    assert len(examples) > 1
    for number, text in enumerate(examples):
        file = tmp_path / f"example_{number}.yaml"
        file.write_text(text, encoding="utf-8")
        assert load(file).arms


def test_the_library_example_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    small = code.replace("families=2_000, months=24", 'families=100, months=2, changes=["time.warm_up=1 months"]')
    assert small != code
    space: dict = {}
    exec(compile(small, "README.md", "exec"), space)
    assert len(space["results"].monthly)
    assert (tmp_path / space["results"].folder / "summary.csv").is_file()


def test_both_readmes_have_the_same_commands_and_result() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")]
    commands = [re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[0] for text in texts]
    assert [line.split("#")[0].strip() for line in commands[0].splitlines()] == [
        line.split("#")[0].strip() for line in commands[1].splitlines()
    ]
    results = [re.findall(r"\d+(?:[.,]\d+)*", re.findall(r"```text\n(.*?)```", text, re.DOTALL)[0]) for text in texts]
    assert results[0] == results[1]


def test_glossary_words_stand_in_the_catalogue() -> None:
    """Where the glossary names a text of the catalogue, it gives the wording that users see."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| (.*?) \|$", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE)
    named = [(chinese.strip(), key) for chinese, _, code in rows for key in re.findall(r"text `([\w.]+)`", code)]
    assert len(named) > 20
    words = catalogue("zh") | {f"indicator.{name}": each.text.zh for name, each in INDICATORS.items()}
    wrong = [(chinese, key) for chinese, key in named if chinese not in words[key]]
    assert wrong == []
