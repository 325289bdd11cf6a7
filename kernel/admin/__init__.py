"""What every admin class of the portal shares."""
