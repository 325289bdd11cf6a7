"""Women of the database consulted on a strategy, plan, policy, project or standard, at a meeting or in writing."""
