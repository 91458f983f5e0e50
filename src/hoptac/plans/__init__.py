"""Yearly plans of agencies and districts: targets held against what the records show, and their approval."""
