"""`make deadline`: what the last minutes of a call bear, measured and proved on servers of its own."""
