"""What the law asks of filings. Pure: no database, no clock, no request."""
