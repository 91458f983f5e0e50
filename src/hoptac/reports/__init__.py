"""Periodic reports: drafted from the records, contributed to, signed and frozen."""
