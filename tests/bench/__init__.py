"""Bench: how fast the bot is, side by side with its framework alone."""
