"""Dates as the pages say them: 2026年3月8日 (周日) 14:00."""

DATE_FORMAT = "Y年n月j日 (D)"
DATETIME_FORMAT = "Y年n月j日 (D) H:i"
