"""The register of programmes: which scenario runs each row of the evidence, and what each of its mechanisms does."""
