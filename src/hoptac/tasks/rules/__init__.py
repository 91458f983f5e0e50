"""When tasks are due, how far they are, when lateness is told to whom: pure."""
