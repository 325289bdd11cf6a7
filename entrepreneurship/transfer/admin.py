"""The theme in the admin."""
