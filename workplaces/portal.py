"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from kernel.portal import Declaration, joined
from workplaces.childcare import declares as childcare

declaration = joined(
    childcare.declaration,
    Declaration(
        api="workplaces.api",
        demo="workplaces.demo",
    ),
)
