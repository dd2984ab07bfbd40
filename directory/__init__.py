"""Who can help, and where: services as YAML, places, hours and search as pure functions."""
