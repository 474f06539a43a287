"""The backup questionnaire: what to ask a vendor, what was answered, and what the answers do to the score."""
