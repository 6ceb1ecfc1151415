"""From what is written to what holds: the rules at every date, the facilities and bills they reach, checks of both."""
