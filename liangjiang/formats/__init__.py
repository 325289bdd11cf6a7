"""How dates are written where Django's own tables write them (the admin)."""
