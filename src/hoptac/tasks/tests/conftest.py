"""The province of ``tests/agencies.py``."""

from tests.agencies import PAPER, TODAY, Province, province

__all__ = ("PAPER", "TODAY", "Province", "province")
