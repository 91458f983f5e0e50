"""What a period is, what an outline says, how its sentences are filled: pure."""
