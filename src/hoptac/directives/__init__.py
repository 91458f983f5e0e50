"""Documents that order work: what they are, what they carry out, who received them, what they ask for."""
