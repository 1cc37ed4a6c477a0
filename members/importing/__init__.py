"""Taking readers over from a file: reading tables, guessing columns, judging rows, writing, undoing, inviting."""
