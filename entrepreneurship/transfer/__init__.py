"""Technology transfer: offers, needs and joint research, from a profile to a contract."""
