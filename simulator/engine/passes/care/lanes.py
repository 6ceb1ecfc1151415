"""Lanes: the columns in which a pass works on many people or episodes at once.

A stage is a plain loop over lanes that calls the rules of one case, written so that the compiler turns it into vector
instructions. For that

- all lanes of a pass are one record, whose columns lie at constant distances and so cannot overlap;
- what a loop reads elsewhere, in tables at rows that differ from lane to lane, is first gathered into a column;
- a loop has no branch that skips work: where something is not so, it is computed and not kept. What may stay as it is
  is changed by a truth value as a factor: ``x if so else lanes.x[e]`` would be a branch again, and one that no
  processor foresees;
- of functions with long chains, such as `log` and `logistic`, one is called in a loop.
"""

import threading

import numpy as np

from simulator.choice.signal import NODES
from simulator.core.draws import uniforms
from simulator.core.jit import compiled
from simulator.core.names import OPTIONS
from simulator.core.table import Column, Columns

WIDTH = 256
"""Lanes in use at most: a block that stays in the cache next to the processor."""
PADDED = WIDTH + 8
"""Length of a column. No power of two: columns at such distances would share few places of the cache."""


def lane(name: str, unit: str, meaning: str, kind: str = "f8") -> Column:
    """A value of each lane."""
    return Column(name, kind, unit, meaning, size=PADDED)


def each_option(name: str, unit: str, meaning: str, kind: str = "f8") -> Column:
    """A value of each lane for each of its options (option, lane)."""
    return Column(name, kind, unit, meaning, size=PADDED, times=OPTIONS)


LANES = Columns(
    "lanes",
    # draws
    lane("id", "number", "person, keys the draws", "u4"),
    lane("number", "number", "episode within the person and month, keys the draws", "u4"),
    *(lane(f"u{k}", "0 to 1", "uniform draw") for k in range(4)),
    lane("order", "row", "room to put lanes in another order", "i8"),
    # who falls ill
    lane("risk_class", "row", "of the table of risks, of the person", "i8"),
    lane("expected", "episodes/month", "new illnesses expected of the person"),
    lane("new", "episodes", "new illnesses", "i8"),
    # whose episode, and what it is
    lane("row", "row", "episode", "i8"),
    lane("age", "years", "age of the patient", "i8"),
    lane("group", "code", "case group", "i8"),
    lane("severity", "0 to 1", "severity"),
    lane("usual_severity", "0 to 1", "mean severity of its case group"),
    lane("felt", "0 to 1", "severity that the patient takes it for"),
    lane("doubt", "0 to 1", "standard deviation of the severity around that"),
    lane("worried", "0 to 1", "severity that going is decided by"),
    lane("refill", "0 or 1", "a prescription is needed"),
    lane("income", "logarithm", "of income per head against the mean"),
    lane("taste_quality", "factor", "weight on the chance of cure"),
    lane("taste_price", "factor", "weight on price"),
    lane("taste_travel", "factor", "weight on travel"),
    lane("trust", "0 to 1", "trust in primary care"),
    lane("usual", "utility", "of primary care beside what it is to everybody: as the usual source, as advised"),
    lane("plan", "code", "plan that bills go by, as the cover table has it", "i8"),
    lane("own_year", "fen", "own covered payments since January"),
    lane("shared", "0 or 1", "somebody else may pay in the family's place, or it has to advance the bill", "i8"),
    # each option
    each_option("place", "row", "facility, -1 where there is none", "i8"),
    each_option("tier", "code", "its tier", "i8"),
    each_option("able", "0 to 1", "its capability as the family sees it"),
    each_option("charge", "fen", "expected charge of a visit"),
    each_option("outside", "fen", "of it outside the catalogue"),
    each_option("cover", "row", "row of the cover table that it goes by", "i8"),
    each_option("used", "fen", "covered charges of this year that count toward its deductible"),
    each_option("fund_year", "fen", "paid by the fund this year under its ceiling"),
    each_option("own", "fen", "covered part left to the family"),
    each_option("yuan", "yuan", "expected price, negative where it is out of reach"),
    each_option("minutes", "minutes", "travel, one way"),
    each_option("wait", "hours", "wait"),
    each_option("habit", "share", "of recent visits at its tier"),
    each_option("inside", "0 or 1", "it belongs to the alliance of the family's home, or works with the home as such"),
    each_option("sent_wait", "hours", "wait of who is sent there from the family's home"),
    each_option("welcome", "utility", "of how ready doctors there are to see the patient"),
    each_option("doctor_gain", "yuan", "what the doctor there believes to gain from sending the patient up"),
    each_option("doctor_cares", "factor", "weight of the patient's benefit to that doctor"),
    each_option("sent_yuan", "yuan", "expected price of a hospital to who is sent there"),
    each_option("stay_dearer", "utility", "price of a stay that may follow, more than to who was sent"),
    each_option("way_up", "utility", "of being sent on from there, and of its hassle"),
    Column(
        "cured_at",
        "f8",
        "probability",
        "of cure, at each severity in doubt and for each option",
        size=PADDED,
        times=NODES * OPTIONS,
    ),
    each_option("chance", "probability", "of cure, as the family sees it"),
    each_option("value", "utility", "utility"),
    # being sent up from primary care, to the hospital that is worth most
    lane("up_worth", "utility", "of that hospital to who is sent, NOWHERE if there is none"),
    lane("up_cost", "utility", "of it without any chance of cure: price, way, wait"),
    lane("up_eased", "utility", "of what who is sent there from within an alliance is spared or given"),
    lane("up_option", "option", "that hospital; nobody asks where there is none", "i8"),
    Column("up_cured", "f8", "probability", "of cure there, at each severity in doubt", size=PADDED, times=NODES),
    lane("sent_cost", "utility", "of that hospital without any chance of cure, to who is sent from one place"),
    lane("sends", "probability", "that the doctor sends the patient up"),
    lane("asks", "probability", "that the patient asks for it"),
    lane("grants", "probability", "that the doctor grants it"),
    lane("gained", "probability", "of cure gained by being sent on, mean over severities"),
    lane("trouble", "utility", "of being sent on, mean over severities"),
    # drawing one of them
    each_option("weight", "factor", "chance of the option against that of the best"),
    lane("draw", "0 to 1", "draw that it is picked by"),
    lane("best", "utility", "of the best option"),
    lane("total", "factor", "sum of weights"),
    lane("mark", "factor", "sum of weights at which the draw lies, less those passed"),
    lane("chosen", "option", "picked, -1 for none", "i8"),
    # going there
    lane("price", "yuan", "of the option picked"),
    lane("welcomed", "utility", "of how ready doctors there are to see the patient"),
    lane("dear", "logarithm", "of its price against the usual one"),
    lane("going", "probability", "of going there"),
    lane("first", "option", "settled on, -1 to stay home", "i8"),
    lane("unsure", "0 or 1", "a hospital was picked and is too dear", "i8"),
    lane("hope", "probability", "that a nearer place will do"),
    # being sent up: option 0 is the doctor who sees the patient, option 1 the hospital above
    lane("outcome", "0 to 1", "draw that decides on cure"),
    lane("shift", "logit", "of cure, by the work of the doctor seen"),
    lane("cured", "probability", "of cure by that doctor"),
    lane("gain", "yuan", "what the doctor believes to gain from sending up"),
    lane("care", "factor", "weight of the patient's benefit to the doctor"),
    lane("u_ask", "0 to 1", "draw that decides whether the patient asks to be sent up"),
    lane("u_grant", "0 to 1", "draw that decides whether the doctor grants it"),
    lane("able_seen", "0 to 1", "capability of the doctor seen, as the patient sees it"),
    lane("stay_worth", "utility", "of the chance of cure by the doctor seen, as the patient sees it"),
    lane("may_send", "0 or 1", "the doctor is one of primary care, with a hospital above", "i8"),
    lane("online", "0 or 1", "the doctor is online", "i8"),
    lane("sent", "probability", "of being sent up"),
    # needing a bed
    lane("here", "row", "facility where the patient is, -1 for none", "i8"),
    lane("sure", "0 or 1", "a bed is needed whatever is drawn", "i8"),
    lane("stays_out", "share", "of needs for a bed that care outside hospital leaves"),
    lane("need", "logit, then probability", "of needing a bed"),
    lane("excess", "severity", "above that at which half of the group need a bed"),
    lane("refused", "0 or 1", "the place picked refuses, because of what the patient costs", "i8"),
)


def room() -> np.ndarray:
    """Lanes for a pass to work in, a table of one row."""
    return LANES.room(1)


_of_threads = threading.local()


def lanes_of_thread() -> np.ndarray:
    """Lanes of this thread to work in: they hold nothing between two passes."""
    if not hasattr(_of_threads, "lanes"):
        _of_threads.lanes = room()
    return _of_threads.lanes


@compiled
def draw(lanes, count, purpose, clock):
    """Draw for ``count`` lanes what `uniforms` would for each, into `u0` to `u3`."""
    for e in range(count):
        lanes.u0[e], lanes.u1[e], lanes.u2[e], lanes.u3[e] = uniforms(clock, lanes.id[e], purpose, lanes.number[e])
