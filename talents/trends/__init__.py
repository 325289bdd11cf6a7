"""How the women of the database develop: stock and flow by year, promotions, who takes part, where the reserve is thin."""
