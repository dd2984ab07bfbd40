"""Keeping the directory right: what maintainers run, and what reminds them."""
