"""The problem book: what sources say goes wrong, read, run with and without its cure, and measured."""
