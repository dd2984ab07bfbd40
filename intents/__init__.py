"""What people say and what we answer: content as YAML, understanding as pure functions."""
