"""One family's or one facility's life in a run, month by month, in several arms."""
