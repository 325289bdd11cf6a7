"""Plans: who was selected by a call of measures 3 and 4, year by year, with which venture, and what became of it."""
