"""The Telegram bot: conversation, cases, delivery, storage, and the parts around them."""
