"""What directives ask for: who answers for it, until when, how far it is, by what proof, who judged it."""
