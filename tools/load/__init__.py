"""`make load`: what the seats of an event and its pages bear, measured and proved on servers of its own."""
