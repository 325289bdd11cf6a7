"""The theme in the admin."""

from entrepreneurship.finance.admin import products  # noqa: F401
