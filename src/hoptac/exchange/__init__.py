"""Exchange with the national systems: exports, extracts held against the register, the outbox."""
