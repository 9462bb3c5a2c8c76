"""What an agent is given of a person's calendars: one tool a definition, with what it does."""
