"""Girls come to science: the volunteer team that goes to schools (measure 10 of the policy)."""
