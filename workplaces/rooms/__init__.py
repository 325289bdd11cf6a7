"""Mothers' rooms: applied for, visited, listed with a tier that runs out, found by distance (measure 8)."""
