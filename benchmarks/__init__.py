"""Measurements: run by hand, never part of the tests. Each prints a table and JSON."""
