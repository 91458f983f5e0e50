"""Whose it is: so far, reading rosters of members."""
