"""Faults: the bot as a real process, against a Bot API in which everything goes wrong."""
