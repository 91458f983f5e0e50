"""Reading tables out of office sheets: old encodings, numbers and days as people write them, headings.

Pure: no database, no clock. Knows nothing of cooperatives; kinds of file declare their fields.
"""
