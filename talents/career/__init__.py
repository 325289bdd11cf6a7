"""A record in depth: what she did before and besides, where each fact comes from, and that it stays current."""
