"""After the event: thanks, feedback."""
