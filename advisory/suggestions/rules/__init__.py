"""What may be done with suggestions, and why not: one function for each rule; pages ask them, operations raise them."""
