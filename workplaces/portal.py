"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from kernel.portal import joined
from workplaces.periods import declares as periods

declaration = joined(periods.declaration)
