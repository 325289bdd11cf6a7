"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, PersonalData, joined
from outreach.choices import declares as choices
from outreach.lessons import declares as lessons
from outreach.volunteers import declares as volunteers
from outreach.volunteers import personal_data

declaration = joined(
    volunteers.declaration,
    lessons.declaration,
    choices.declaration,
    Declaration(
        personal_data=PersonalData(
            39,
            pgettext_lazy("app", "科普志愿"),
            personal_data.COVERS,
            personal_data.collect,
            lost=personal_data.lost,
            erase=personal_data.erase,
        ),
        movings=personal_data.MOVINGS,
        departures=personal_data.DEPARTURES,
        retention=personal_data.RETENTION,
        demo="outreach.demo",
    ),
)
