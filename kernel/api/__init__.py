"""What every API view of the portal shares."""
