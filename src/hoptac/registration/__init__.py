"""Registration: dossiers handed in, examined and decided, and what they do to the register."""
