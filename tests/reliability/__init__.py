"""The bars of reliability and security: each measured against its limit, each with a control that fails.

docs/reliability.md is their table. ``HOPTAC_FULL=1`` (or ``-m slow``) runs them in full size.
"""
