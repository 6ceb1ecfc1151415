"""The roofline: how much arithmetic a family-month holds, and what that costs by itself.

`count` runs the month interpreted, with every rule replaced by one that counts its calls; `nanoseconds` times the same
operations in loops of their own, one after the other (each waits for the result before it, as in a family's scalar
code) and side by side (independent, so that they can fill vector registers).
"""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

OPERATIONS = ("draw", "exp", "log", "price", "pick")
"""What is counted and timed. A draw is four uniform numbers from one Philox block; a price is who pays a bill; a
pick is a choice among four options from their utilities, its exps not included in theirs."""
RULES = {
    "simulator.core.draws.philox4x32": "draw",
    "simulator.core.maths.exp_negative": "exp",
    "simulator.core.maths.log": "log",
    "simulator.benefit.cover.split": "price",
    "simulator.choice.place.pick": "pick",
}
"""Function of the program -> operation."""
OPTIONS = 4
LENGTH, TIMES = 4_096, 101
"""Operations in a loop, and how often the loop is timed."""


FAMILIES = (100, 300)
"""Families of two models; what facilities do by themselves is the same in both, and drops out."""


def count() -> dict[str, float]:
    """Operations in a family-month, by name, of the base in its second month. Needs ``TIERCARE_JIT=0``."""
    import simulator.core.jit

    jit: Any = simulator.core.jit
    if jit.COMPILED:
        sys.exit("calls are counted where nothing is compiled: TIERCARE_JIT=0")
    calls: Counter[str] = Counter()

    def counted(function: Any) -> Any:
        """The rule itself, or one that counts its calls first."""
        name = RULES.get(f"{function.__module__}.{function.__name__}")
        if name is None:
            return function

        @wraps(function)
        def counting(*arguments: Any) -> Any:
            if name == "pick":  # so many lanes, of so many options; a pick takes the exps of its options along
                _, lanes, options = arguments
                calls["pick"] += lanes
                calls["exp"] -= lanes * options
            else:
                calls[name] += 1
            return function(*arguments)

        return counting

    jit.compiled = counted
    from simulator import HealthSystem, load

    found = []
    for families in FAMILIES:
        model = HealthSystem(load("base", families=families), seed=1)
        model.step()
        calls.clear()
        model.step()
        found.append(dict(calls))
    few, many = found
    more = FAMILIES[1] - FAMILIES[0]
    return {f"{name}s_per_family_month": (many[name] - few[name]) / more for name in OPERATIONS}


def nanoseconds() -> dict[str, float]:
    """Nanoseconds of each operation, ``waiting`` for the one before and ``side by side``."""
    import numpy as np

    from simulator.benefit.cover import COVER, split
    from simulator.choice.place import pick
    from simulator.core.draws import philox4x32
    from simulator.core.jit import compiled as mode
    from simulator.core.maths import exp_negative, log
    from simulator.engine.passes.care.lanes import WIDTH, room

    row = COVER.rows(1)
    row["fund_pays"], row["deductible"], row["ceiling"] = 0.55, 20_000, 500_000
    row["catastrophic_above"], row["catastrophic_share"] = 1_000_000, 0.6
    word, zero = np.uint64(7), np.uint64(0)

    # each takes a number between 0 and 1
    @mode
    def draw(x, rows, lanes):
        a, b, c, d = philox4x32(np.uint64(1e9 * x), word, word, zero, word, word)
        return np.float64(a + b + c + d) * 2.0**-34

    @mode
    def exp(x, rows, lanes):
        return exp_negative(-8.0 * x)

    @mode
    def log_(x, rows, lanes):
        return log(0.5 + x)

    @mode
    def price(x, rows, lanes):
        charge = np.int64(100_000.0 * x)
        own, _, back = split(charge, charge // 8, rows[0], rows[0].deductible, 10_000, 20_000, 30_000)
        return np.float64(own - back)

    @mode
    def offer(x, e, lanes):
        lanes.draw[e] = x
        lanes.value[0, e], lanes.value[1, e], lanes.value[2, e], lanes.value[3, e] = x, 0.3, 0.5, 1.0 - x

    @mode
    def pick_one(x, rows, lanes):
        offer(x, 0, lanes)
        pick(lanes, 1, OPTIONS)
        return np.float64(lanes.chosen[0])

    @mode
    def picks_side_by_side(x, out, rows, rooms):
        lanes = rooms[0]
        for low in range(0, len(x), WIDTH):
            count = min(len(x) - low, WIDTH)
            for e in range(count):
                offer(x[low + e], e, lanes)
            pick(lanes, count, OPTIONS)
            for e in range(count):
                out[low + e] = lanes.chosen[e]

    found, x, out, rooms = {}, np.random.default_rng(1).random(LENGTH), np.zeros(LENGTH), room()
    for name, one in zip(OPERATIONS, (draw, exp, log_, price, pick_one), strict=True):
        together = picks_side_by_side if one is pick_one else _side_by_side(mode, one)
        for words, function in (("waiting", _waiting(mode, one)), ("side by side", together)):
            taken = []
            for _ in range(TIMES):
                start = time.perf_counter()
                function(x, out, row, rooms)
                taken.append(time.perf_counter() - start)
            found[f"nanoseconds of a {name}, {words}"] = 1e9 * statistics.median(taken) / LENGTH
    return found


def threads_at_once(count: int) -> float:
    """How much faster ``count`` threads draw than one, on work of which nothing is shared: what this machine gives to
    any program, since cores may be halves of one and take turns at its memory and its clock."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from simulator.core.draws import philox4x32
    from simulator.core.jit import compiled as mode

    word, zero = np.uint64(7), np.uint64(0)

    @mode
    def draws(first, times, out):
        total = np.uint64(0)
        for k in range(times):
            a, b, c, d = philox4x32(np.uint64(first + k), word, word, zero, word, word)
            total += a + b + c + d
        out[0] = total

    def one(number: int) -> None:
        draws(number << 32, 20_000_000, np.zeros(1, np.uint64))

    def seconds(numbers: range) -> float:
        start = time.perf_counter()
        list(pool.map(one, numbers))
        return time.perf_counter() - start

    with ThreadPoolExecutor(count) as pool:
        one(0)
        rounds = [(seconds(range(1)), seconds(range(count))) for _ in range(5)]
    alone, together = (statistics.median(each) for each in zip(*rounds, strict=True))
    return count * alone / together


def _waiting(mode: Callable, one: Callable) -> Callable:
    """A loop in which every operation needs the result of the one before."""

    @mode
    def loop(x, out, rows, rooms):  # a row among the arguments would cost more than the loop
        last, lanes = 0.0, rooms[0]
        for i in range(len(x)):
            last = one(x[i] + min(last, 0.0), rows, lanes)
            out[i] = last

    return loop


def _side_by_side(mode: Callable, one: Callable) -> Callable:
    """A loop whose operations do not know each other."""

    @mode
    def loop(x, out, rows, rooms):
        lanes = rooms[0]
        for i in range(len(x)):
            out[i] = one(x[i], rows, lanes)

    return loop
