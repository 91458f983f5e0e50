"""Rules of plans: pure."""
