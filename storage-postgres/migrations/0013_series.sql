-- Masters of series that may take place in a range: few beside all that a person's calendars hold.
CREATE INDEX events_of_series ON events (user_id, reach_from) WHERE span IS NULL AND reach_from IS NOT NULL;
