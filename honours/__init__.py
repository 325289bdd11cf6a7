"""What women, teams and posts were honoured with: granted, told, taken back, recommended upward."""
