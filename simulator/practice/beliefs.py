"""What a provider believes one more of each book entry earns it, and what its usual case looks like.

The money comes from the payment rules in force (`payment.rule.Beliefs`, summed over rules and averaged over the
provider's own cases); nothing here knows which rules those are.
"""

from simulator.core.table import Column, Columns

BELIEFS = Columns(
    "beliefs",
    Column("visit", "f8", "yuan", "one more outpatient visit"),
    Column("outpatient", "f8", "yuan/yuan", "one more outpatient yuan of drugs, tests, labour", 0, 3),
    Column("inpatient", "f8", "yuan/yuan", "one more inpatient yuan of drugs, tests, labour", 0, 3),
    Column("continued", "f8", "yuan/yuan", "one more yuan of a stay continued for a hospital, by part", 0, 3),
    Column("case", "f8", "yuan", "one more admission"),
    Column("weight", "f8", "yuan", "one more unit of coded relative weight"),
    Column("day", "f8", "yuan", "one more bed-day"),
    Column("continued_day", "f8", "yuan", "one more day of a continued stay"),
    Column("moved_out", "f8", "yuan", "one unit of weight stepped down to another place"),
    Column("moved_in", "f8", "yuan", "one unit of weight taken over from another place"),
    Column("referred_up", "f8", "yuan", "one patient sent up and seen there"),
    Column("managed", "f8", "yuan/month", "one patient under standard follow-up, with what it is expected to lead to"),
    Column("signed", "f8", "yuan/year", "one person more under contract"),
    Column("served", "f8", "yuan/year", "one person more under contract who is really served"),
    Column("outreach", "f8", "yuan/hour", "one hour of a specialist more at the centres below"),
    Column("consult", "f8", "yuan", "one remote consultation asked"),
    Column("read", "f8", "yuan", "one remote consultation answered"),
    Column("partner", "f8", "yuan", "what a step down brings the other side and the pool, as far as it counts here"),
    Column("keep_case", "f8", "yuan", "what keeping an admission with the alliance brings, as far as it counts here"),
    Column("fine", "f8", "yuan", "expected fine for one unit of relative weight coded too high"),
    Column("visit_bill", "f8", "yuan", "usual charge of a visit here"),
    Column("penalty", "f8", "yuan/yuan", "expected repayment and fine for each yuan that a false entry brings"),
    Column("record_penalty", "f8", "yuan/yuan", "the same of a step down that is only on record"),
    Column("refusal", "f8", "yuan", "expected deduction for a patient turned away"),
    Column("recorded", "f8", "yuan", "one step down more on record, whether or not the patient moved"),
    Column("case_bill", "f8", "yuan", "usual charge of an admission here"),
    Column("case_weight", "f8", "1", "usual relative weight here"),
    Column("case_days", "f8", "days", "usual stay here"),
    Column("sender_bill", "f8", "yuan", "usual charge of an admission at the hospitals of the place"),
    Column("sender_weight", "f8", "1", "usual relative weight there"),
    Column("sender_days", "f8", "days", "usual stay there"),
    Column("centre_capability", "f8", "0 to 1", "mean capability of the centres of the place"),
)
