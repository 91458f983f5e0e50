"""Hoptac: the information system of a province's collective economy."""
