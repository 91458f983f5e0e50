"""Certificates of registration: signed, printed, logged in the open, and checked by anybody."""
