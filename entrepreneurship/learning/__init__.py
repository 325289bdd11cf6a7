"""Training programmes counted in minutes, and coaching by the hour."""
