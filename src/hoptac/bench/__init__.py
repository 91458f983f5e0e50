"""Measuring the running system: a load driver, what to measure, and how it is shown."""
