"""Pages of the registration desk, the applicant's page, and the cooperative's own door."""
