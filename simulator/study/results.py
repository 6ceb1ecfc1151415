"""The results of a run, read from its folder on first use."""

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study import parquet
from simulator.study.folder import begun
from simulator.study.intervals import Ends, interval, spread
from simulator.study.run_tables import ON_REQUEST, SHAPE, TABLES
from simulator.study.summary import (
    BASELINE,
    MONTHS,
    SAMPLED,
    SERIES,
    Known,
    difference_of,
    of_events,
    over_period,
    plain,
    summarise,
)

if TYPE_CHECKING:
    import pandas as pd


class Results:
    """A run folder and its tables as pandas frames; columns, units and meanings are in the files' metadata.

    Args:
        folder: of a run, finished or interrupted.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def open(cls, folder: str | Path) -> "Results":
        """The results that an earlier run left in ``folder``.

        Raises:
            UserError: there is no run there, or one that was killed and has to go on first.
        """
        if not (Path(folder) / "manifest.json").is_file():
            left = begun(folder) is not None
            raise UserError(say("study.unfinished" if left else "study.no_run", folder=folder))
        if not (Path(folder) / "summary.csv").is_file():
            raise UserError(say("study.unfinished", folder=folder))
        return cls(Path(folder))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Scenario with origins, seeds, versions, machine, what was asked for and what was finished."""
        try:
            return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except ValueError as error:
            raise UserError(say("study.manifest_damaged", file=self.folder / "manifest.json", why=error)) from error

    @property
    def complete(self) -> bool:
        """Whether every replication that was asked for was finished."""
        return self.manifest["complete"]

    @property
    def arms(self) -> list[str]:
        """Arms with at least one finished replication, in order."""
        return list(self.manifest["finished"])

    @property
    def replications(self) -> int:
        """Number of different replications that were finished."""
        return len({number for numbers in self.manifest["finished"].values() for number in numbers})

    @cached_property
    def monthly(self) -> "pd.DataFrame":
        """Indicators by month: tidy, one row per value."""
        return self._read("monthly")

    @cached_property
    def facilities(self) -> "pd.DataFrame":
        """Facilities by year: means of its months."""
        return self._read("facilities")

    @cached_property
    def tiers(self) -> "pd.DataFrame":
        """Tiers by month: means of their facilities."""
        return self._read("tiers")

    @cached_property
    def facility_months(self) -> "pd.DataFrame":
        """Facilities by month.

        Raises:
            UserError: the run did not keep them.
        """
        if "facility_months" not in self.tables:
            raise UserError(say("study.no_facility_months", folder=self.folder))
        return self._read("facility_months")

    @property
    def tables(self) -> list[str]:
        """Names of the tables that are there, in order."""
        return [name for name in (*TABLES, *ON_REQUEST) if (self.folder / f"{name}.parquet").is_file()]

    @cached_property
    def referrals(self) -> "pd.DataFrame":
        """Real flows between facilities by month."""
        return self._read("referrals")

    @cached_property
    def ledger(self) -> "pd.DataFrame":
        """Postings summed by month, payer, payee and kind, in fen."""
        return self._read("ledger")

    @cached_property
    def accounts(self) -> "pd.DataFrame":
        """Balances by month, in fen."""
        return self._read("accounts")

    @cached_property
    def summary(self) -> "pd.DataFrame":
        """Means, intervals and differences of the last twelve months."""
        import pandas as pd

        words = ["arm", "indicator", *(column.name for column in SHAPE), "period"]
        table = pd.read_csv(self.folder / "summary.csv", dtype=dict.fromkeys(words, str), keep_default_na=True)
        return table.fillna(dict.fromkeys(words, ""))

    def summary_of(self, first: str, last: str) -> "pd.DataFrame":
        """The same for the months from ``first`` to ``last``, such as ``2025-01``."""
        return summarise(self.monthly, self.arms, first, last, self.ends)

    def paired(self, arm: str, against: str = BASELINE, indicator: str | None = None) -> "pd.DataFrame":
        """Paired differences of any two arms over the last twelve months, replication by replication.

        Args:
            arm: whose figures.
            against: from which arm they differ.
            indicator: only this one.

        Returns:
            Columns indicator, tier, plan, part, alliance, replications, difference, low, high.

        Raises:
            UserError: there is no such arm in the run.
        """
        import pandas as pd

        for name in (arm, against):
            if name not in self.arms:
                known = ", ".join(self.arms)
                raise UserError(say("study.arm_unknown", arm=name, arms=known, near=near(name, self.arms)))
        coded = self.coded_months
        inside = coded["month"].isin(self.months[-MONTHS:]) & coded["arm"].isin([arm, against])
        if indicator is not None:
            inside &= coded["indicator"].isin([indicator, SAMPLED])
        found: dict[tuple[str, ...], dict[str, dict[int, Known]]] = {}
        values = over_period(plain(coded[inside]), self.months[-MONTHS:][0], self.months[-1], sums=True)
        for name, replication, *series, value, up, down in values.itertuples(index=False, name=None):
            found.setdefault(tuple(series), {}).setdefault(name, {})[replication] = Known.of(value, up, down)
        rows = []
        for series, by_arm in found.items():
            mine, theirs = by_arm.get(arm, {}), by_arm.get(against, {})
            pairs = [(known, theirs[number]) for number, known in mine.items() if number in theirs]
            if pairs and indicator in (None, series[0]):
                rows.append((*series, len(pairs), *difference_of(pairs, self.ends, series[0] in of_events())))
        return pd.DataFrame(rows, columns=[*SERIES, "replications", "difference", "low", "high"])

    @property
    def ends(self) -> Ends:
        """How intervals are made: over replications, or over sets of parameters where each replication has one."""
        return spread if self.manifest.get("parameters") else interval

    def coded(self, name: str, filters: Any = None, columns: list[str] | None = None) -> "pd.DataFrame":
        """A table with its words as categories, or some of its rows and columns (`parquet.coded`)."""
        return parquet.coded(self.folder / f"{name}.parquet", filters, columns)

    def distinct(self, name: str, columns: list[str], filters: Any = None) -> set[tuple[str, ...]]:
        """The different rows of some columns of words of a table (`parquet.distinct`)."""
        return parquet.distinct(self.folder / f"{name}.parquet", columns, filters)

    @cached_property
    def coded_months(self) -> "pd.DataFrame":
        """``monthly`` with its words as categories."""
        return self.coded("monthly")

    @cached_property
    def months(self) -> list[str]:
        """The reported months, in order."""
        return sorted(map(str, self.coded_months["month"].unique()))

    def _read(self, name: str) -> "pd.DataFrame":
        return parquet.frame(self.folder / f"{name}.parquet")

    def __repr__(self) -> str:
        here = self.folder.relative_to(Path.cwd()) if self.folder.is_relative_to(Path.cwd()) else self.folder
        return f"Results({str(here)!r}: {', '.join(self.arms)} × {self.replications})"

    def _repr_html_(self) -> str:
        """For notebooks: what came out for the whole place, arms side by side, in the language spoken now."""
        from simulator.study.notebook import summary_html

        return summary_html(self.summary, self.arms, self.replications, self.manifest["scenario"], self.folder.name)
