"""Links for people and programs without an account: a report, a badge, a calendar."""
