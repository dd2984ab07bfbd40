"""One private chat: a turn, its state, follow-ups and the check-in."""
