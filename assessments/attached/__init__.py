"""Files kept as evidence: of what a vendor answered, and of what the plan says was exercised, promised or decided."""
