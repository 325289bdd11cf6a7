"""What the theme adds to the portal."""

from kernel.portal import Declaration

declaration = Declaration()
