"""The journal of acts: append-only, hash-chained, with payloads that can be erased by law."""
