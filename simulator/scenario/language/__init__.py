"""The language of scenario files: a strict subset of YAML, merging, names, values with units and sources, tables."""
