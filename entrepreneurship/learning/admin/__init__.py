"""Training and coaching in the admin."""

from entrepreneurship.learning.admin import certificates, enrolments, programmes

__all__ = ["certificates", "enrolments", "programmes"]
