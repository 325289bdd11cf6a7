"""Tables of the theme."""
