"""Commercial policy (商业健康险): voluntary third-party indemnity, priced by risk, for a profit."""

from functools import reduce
from operator import or_
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulator.core.messages import Text
from simulator.core.money import rounded
from simulator.core.units import PREMIUMS, PerYear, Share
from simulator.declare.use import Use
from simulator.fund.form import Form, found
from simulator.fund.plan import INDEMNITY, INSURER, Bill, Compact, Eligible, Policy, Transfer

AnyForm = Annotated[reduce(or_, found().values()), Field(discriminator="form")]
"""A form in which insurer and providers work together, by the name of its file."""


class Commercial(Policy):
    """Each pays by age class and diagnosed chronic disease; owners take a profit in December and cover a loss.

    premium of a class = expected claims of the class × (1 + loading)
    expected claims of next year = those of this year + follows_claims × (claims − those of this year)
    """

    source: ClassVar[str] = (
        "Health insurance rules (健康保险管理办法), CBIRC 2019 no. 3: premiums may follow age, sex and health; terms "
        "of million-yuan medical policies"
    )
    example: ClassVar[str] = """
baseline:
  plans:
    firm:
      kind: commercial
      premium: 600 yuan/year
      loading: 35%
      administration: 15%
      declines: 50%
      cover: {stays: {care: inpatient, above: 2000 yuan/year, pays: 80%, outside_catalogue: true}}
"""
    bill: ClassVar[Bill | None] = Bill("inpatient", "tertiary", "30000 yuan")
    account: ClassVar[str] = "insurer"
    use: ClassVar[tuple[Use, ...]] = (
        Use(unused=Text("nobody bought the policy", "无人投保"), postings=("policy_premium",)),
        Use(unused=Text("the policy paid no bill", "该保险未支付任何费用"), postings=("indemnity",), wanted="cover"),
    )
    payer: ClassVar[int] = INDEMNITY
    premium_kind: ClassVar[str] = "policy_premium"

    kind: Literal["commercial"]
    """Kind of plan."""
    eligible: Eligible | None = Field(None, alias="for")
    """Who may buy it; everybody if left out."""
    premium: Annotated[PerYear, PREMIUMS]
    """What it costs at the start, on average over all who may buy it; each pays by age class and diagnosed chronic
    disease. Later years' premiums follow the claims."""
    loading: Share
    """What the premium adds to expected claims, for administration and profit."""
    administration: Share
    """Share of premiums that administration costs."""
    declines: Share = 0.0
    """Share of applicants with a diagnosed chronic disease whom underwriting turns away (核保拒保)."""
    compact: Compact | None = None
    """Providers that work with the insurer; all if left out. A product with `at_compact` is for them alone."""
    providers: AnyForm | None = None
    """How insurer and providers work together: `designated_provider`, `equity_stake`, `onsite_clinic` or
    `intermediary`, with its parameters; bills are paid as they come if left out."""
    follows_claims: Share = 0.5
    """How far each year's premiums move toward what last year's claims ask for."""

    @property
    def for_claims(self) -> float:
        """The premium without its loading."""
        return self.premium / (1.0 + self.loading)

    @property
    def follows(self) -> float:
        """As the policy says."""
        return self.follows_claims

    def turns_away(self) -> float:
        """As its underwriting does."""
        return self.declines

    @property
    def form(self) -> Form | None:
        """As the policy says."""
        return self.providers

    def rates(self, claims: np.ndarray) -> np.ndarray:
        """Expected claims of each class, and the loading."""
        return rounded(claims * (1.0 + self.loading))

    def costs(self, premiums: int, members: int, left: int, weight: float) -> int:
        """Administration."""
        return int(rounded(np.array([premiums * self.administration]))[0])

    def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]:
        """The owners take what is left and cover what is missing."""
        return [
            Transfer(INSURER, "owners", "profit", np.array([max(0, balance)])),
            Transfer("owners", INSURER, "capital", np.array([max(0, -balance)])),
        ]
