"""The commands of run_bot.py, one module each group."""
