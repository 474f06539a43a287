"""Riskboard's own backup: every row and every file in one archive that any database it supports takes back."""
