"""Stories of families and facilities, told as text and as a timeline."""
