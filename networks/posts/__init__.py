"""Terms, posts by rung, and who holds them from which day to which."""
