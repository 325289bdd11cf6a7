"""The theme in the admin."""

from entrepreneurship.finance.admin import products, referrals  # noqa: F401
