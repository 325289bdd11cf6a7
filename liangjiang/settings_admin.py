"""The admin's look and navigation (unfold)."""

UNFOLD = {"SITE_TITLE": "两江女性科技人才门户", "SITE_HEADER": "两江女性科技人才门户"}
