"""The server of `python -m theo_calendar.mcp`: what it is told by its environment, and what it serves."""
