"""People who sign in: accounts, sign-in with a second factor, lockout, sessions."""
