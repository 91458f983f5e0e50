"""From watch list to fair case: grounds of ending a body, judged from dates kept, and what follows."""
