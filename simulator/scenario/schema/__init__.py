"""What may stand in a scenario file: blocks, checks between fields, mistakes in words, JSON Schema, reference pages."""
