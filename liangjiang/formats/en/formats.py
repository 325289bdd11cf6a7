"""Dates as the English pages say them: Sun 8 March 2026, 14:00."""

DATE_FORMAT = "D j F Y"
DATETIME_FORMAT = "D j F Y, H:i"
