"""Reading a document that orders work: pure, from bytes or text to a :class:`~.result.Reading`."""
