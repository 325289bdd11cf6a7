"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from kernel.portal import Declaration, joined
from workplaces.childcare import declares as childcare
from workplaces.flexible import declares as flexible
from workplaces.periods import declares as periods

declaration = joined(
    periods.declaration,
    childcare.declaration,
    flexible.declaration,
    Declaration(
        api="workplaces.api",
        demo="workplaces.demo",
    ),
)
