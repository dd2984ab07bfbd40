"""One escalation, from the first word to closed."""
