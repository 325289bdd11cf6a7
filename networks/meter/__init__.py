"""Women's share by rung with its source, targets, and what an association did lately."""
