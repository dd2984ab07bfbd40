"""The only Telegram imports: reading updates, rendering, sending, errors."""
