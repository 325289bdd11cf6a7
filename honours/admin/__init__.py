"""Honours for staff: the catalogue, what was granted, what was recommended, and what calls lead to."""

from honours.admin import awards, calls, catalogue, recommendations

__all__ = ["awards", "calls", "catalogue", "recommendations"]
