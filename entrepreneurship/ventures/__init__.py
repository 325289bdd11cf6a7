"""Ventures: a founder's company from the first plan to its fifth year."""
