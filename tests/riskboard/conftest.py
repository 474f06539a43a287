"""Other installations for every test here. Named once: a module that imported `tables` would make it a second time in the session."""

from tests.riskboard.installations import bare, elsewhere, tables

__all__ = ["bare", "elsewhere", "tables"]
