"""Who is selected: calls, applications, acceptance and decision (measures 1, 3, 5, 8)."""
