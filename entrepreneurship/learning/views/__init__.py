"""Pages of training and coaching."""
