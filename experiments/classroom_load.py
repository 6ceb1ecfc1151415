"""Thirty students at once on a running classroom: ``python -m experiments.classroom_load ADDRESS``.

Each asks for a month every ``--every`` seconds; ``--policies`` says how many different sets of rules there are among
them. Prints the time from question to answer in milliseconds: median, 95th percentile, longest.
"""

import argparse
import asyncio
import json
import statistics
import time

from websockets.asyncio.client import connect
from websockets.typing import Origin

from simulator.classroom.controls import controls


def rules(policy: int) -> list[tuple[str, str]]:
    """A choice of options for each number, all different up to a hundred."""
    free = [control for control in controls().values() if control.needs is None]
    chosen = []
    for control in free:
        policy, which = divmod(policy, len(control.options))
        if which:
            chosen.append((control.name, control.options[which]))
    return chosen


async def student(address: str, policy: int, months: int, every: float, late: float, times: list[float]) -> None:
    """Choose rules, then ask month by month, waiting for each."""
    await asyncio.sleep(late)
    async with connect(f"ws://{address}/live", origin=Origin(f"http://{address}"), max_size=2**22) as line:

        async def ask(**message: object) -> dict:
            await line.send(json.dumps({**message, "n": 1}))
            while (answer := json.loads(await line.recv())).get("n") != 1:
                pass
            return answer

        for name, option in rules(policy):
            await ask(t="set", side="b", key=name, option=option, m=2)
        for month in range(months):
            start = time.perf_counter()
            while (await ask(t="month", m=month))["t"] == "error":
                await asyncio.sleep(0.5)
            times.append(1e3 * (time.perf_counter() - start))
            await asyncio.sleep(max(0.0, every - (time.perf_counter() - start)))


async def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="host:port of the classroom")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--policies", type=int, default=30)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--every", type=float, default=1.4, help="seconds from a question to the next")
    given = parser.parse_args()
    times: list[float] = []
    await asyncio.gather(
        *(
            student(given.address, 1 + n % given.policies, given.months, given.every, n * 0.1, times)
            for n in range(given.students)
        )
    )
    times.sort()
    print(
        f"{given.students} students, {given.policies} policies, {len(times)} months: median "
        f"{statistics.median(times):.0f} ms, 95 % {times[int(0.95 * len(times))]:.0f} ms, longest {times[-1]:.0f} ms"
    )


if __name__ == "__main__":
    asyncio.run(main())
