"""What it reports: so far, reading workbooks of yearly returns."""
