"""What the national bases and platforms of measure 4 do for women."""
