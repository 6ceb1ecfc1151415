"""Tables and figures of what a study says."""
