"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, PersonalData, joined
from workplaces.childcare import declares as childcare
from workplaces.flexible import declares as flexible
from workplaces.periods import declares as periods
from workplaces.rooms import declares as rooms
from workplaces.rooms import personal_data

declaration = joined(
    periods.declaration,
    childcare.declaration,
    rooms.declaration,
    flexible.declaration,
    Declaration(
        personal_data=PersonalData(
            41,
            pgettext_lazy("app", "生育支持"),
            personal_data.COVERS,
            personal_data.collect,
            lost=personal_data.lost,
            erase=personal_data.erase,
        ),
        retention=personal_data.RETENTION,
        api="workplaces.api",
        demo="workplaces.demo",
    ),
)
