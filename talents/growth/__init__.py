"""How she grew: milestones that every app tells, the newest year first."""
