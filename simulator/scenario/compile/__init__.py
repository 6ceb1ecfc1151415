"""From a checked scenario to a world, and to the rules in force in it."""
