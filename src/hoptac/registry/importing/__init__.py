"""Bringing a list of cooperatives into the register: stage, match, decide, enter, undo."""
