"""Where a difference between arms comes from: mechanisms switched off one at a time, and who and where it happens."""
