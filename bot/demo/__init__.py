"""A local Bot API and the page that shows a phone beside the staff group."""
