"""What an alliance changes in a visit: its channels, one file each."""
