"""What `make` runs: the local starter, the checks and the asset builds. Not part of the portal."""
