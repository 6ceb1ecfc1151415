"""A county in Mesa's own browser page: ``solara run experiments/solara_page.py`` (needs ``pip install solara``).

Solara fetches parts of its page from outside; where no network allows that, take ``tiercare demo``.
"""

from mesa.visualization import SolaraViz, make_plot_component

from simulator import HealthSystem, load


class County(HealthSystem):
    """A small county whose insurance pays so much of a visit close to home."""

    def __init__(self, near: int = 50, seed: int = 1):
        changes = [
            "network={form: county, townships: 2, villages: 2, tertiary_outside: 1}",
            "time.warm_up=6 months",
            f"baseline.benefit.resident.outpatient.primary.fund_pays={near}%",
            f"baseline.benefit.resident.outpatient.ceiling={20 * near - 800} yuan/year",
        ]
        super().__init__(load("base", changes=changes, families=300, months=36), seed=seed)


page = SolaraViz(
    County(),
    components=[
        make_plot_component("primary_share_of_visits"),
        make_plot_component("charge_per_visit"),
        make_plot_component("resident_fund_surplus_rate"),
    ],
    model_params={
        "near": {
            "type": "SliderInt",
            "value": 50,
            "label": "Insurance pays close to home, %",
            "min": 50,
            "max": 90,
            "step": 10,
        },
        "seed": {"type": "InputText", "value": 1, "label": "Seed"},
    },
    name="tiercare",
)
