"""Telling people and programs what happened: what is worth it, when, by what, and that it arrived once."""
