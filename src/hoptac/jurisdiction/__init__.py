"""Who has authority where and since when: administrative units, agencies, mandates."""
