"""Training and coaching in the admin."""

from entrepreneurship.learning.admin import certificates, coaching, enrolments, programmes

__all__ = ["certificates", "coaching", "enrolments", "programmes"]
