"""Lessons and experiments volunteers take to schools: shown once two people other than the writer have reviewed them (measure 10)."""
