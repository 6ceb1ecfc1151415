"""Scenario files: the language in which a place, its rules and its sources are written."""

from simulator.scenario.load import load
from simulator.scenario.places import scenarios_folder
from simulator.scenario.rules import Rules
from simulator.scenario.schema import Origin, Scenario, State
from simulator.scenario.scope import owners

__all__ = ["Origin", "Rules", "Scenario", "State", "load", "owners", "scenarios_folder"]
