"""Pages of the watch list, of cases, of the dates kept."""
