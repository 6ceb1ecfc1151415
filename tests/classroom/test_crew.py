"""The processes that simulate, when one of them ends."""

import asyncio

import pytest

from simulator.classroom.crew import Crew, Failed


def test_nobody_waits_for_a_process_that_has_ended():
    async def ask() -> None:
        crew = Crew(families=-1, seed=1, workers=1)  # a county that cannot be: the process ends at once
        crew.start()
        try:
            with pytest.raises(Failed):
                await asyncio.wait_for(crew.hello(), timeout=60)
            with pytest.raises(Failed):
                await asyncio.wait_for(crew.under("month", (), 1), timeout=60)
        finally:
            crew.stop()

    asyncio.run(ask())
