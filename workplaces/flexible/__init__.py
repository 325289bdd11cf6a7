"""Flexible work as units offer it: confirmed every year, found by kind, field and place."""
