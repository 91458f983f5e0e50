"""What the law and common sense ask of an entry. Pure: no database, no clock, no request."""
