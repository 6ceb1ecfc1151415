"""What the model says against what was measured: levels, natural experiments frozen before they are run, and claims."""
