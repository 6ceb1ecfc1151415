"""Care outside the pooling area (异地就医): lower rates, lower still for those who did not file first (备案), and
whether the fund settles with the hospital (直接结算) or the family pays first and claims later (先垫付后报销).

Share of the fund = the ordinary share + points of those who filed, or points of those who did not; of covered charges,
what the home list of drugs and services lacks is paid by the patient first, unless lists are recognised (目录互认).
Where no filing is needed (免备案), everybody is treated as who filed.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.units import Points, Share

SOURCE = (
    "NHSA and MoF 2022 no. 22, cross-province direct settlement; Yangtze delta without filing, with lists recognised "
    "(evidence S17); rates are those of city rules"
)
EXAMPLE = """
network: {form: county, townships: 6, villages: 6}
baseline:
  benefit:
    resident:
      cross_region: {areas: [outside], fund_pays: -10 pp, unfiled: -20 pp, settled: direct}
"""
BILL = Bill("inpatient", "tertiary", "15000 yuan", away=True)


class CrossRegion(BaseModel):
    """Terms of care outside the pooling area of the plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    areas: tuple[str, ...] = Field(min_length=1)
    """Areas of the network that lie outside the pooling area, as a list."""
    fund_pays: Points = 0.0
    """Change of the fund's share for people who filed."""
    unfiled: Points | None = None
    """Change of the fund's share for people who did not; as for those who did if left out."""
    filed: Share = 1.0
    """Share of people who file before they are treated away; a habit of the person."""
    filing: Literal["needed", "none"] = "needed"
    """`none`: nobody has to file, and everybody is treated as who filed."""
    settled: Literal["direct", "pay_first"]
    """`direct`: the fund pays the hospital; `pay_first`: the family advances the whole bill and claims later."""
    unfiled_settled: Literal["direct", "pay_first"] | None = None
    """The same for people who did not file; as for those who did if left out."""
    unlisted: Share = 0.0
    """Share of covered charges there that the home list lacks, paid by the patient first; none where lists are
    recognised."""

    @property
    def who_files(self) -> float:
        """Share of people who are treated as who filed."""
        return 1.0 if self.filing == "none" else self.filed


@compiled
def unfiled(u, filed):
    """1 where a person with the lasting uniform draw ``u`` does not file before being treated away, of whom the share
    ``filed`` does; else 0."""
    return 0 if u < filed else 1
