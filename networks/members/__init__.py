"""Membership: applied for, approved, renewed, paused, lapsed, left."""
