"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, PersonalData, joined
from outreach.choices import declares as choices
from outreach.lessons import declares as lessons
from outreach.requests import declares as requests
from outreach.requests import personal_data as invitations
from outreach.surveys import declares as surveys
from outreach.volunteers import declares as volunteers
from outreach.volunteers import personal_data

declaration = joined(
    volunteers.declaration,
    lessons.declaration,
    requests.declaration,
    surveys.declaration,
    choices.declaration,
    Declaration(
        personal_data=PersonalData(
            39,
            pgettext_lazy("app", "科普志愿"),
            (*personal_data.COVERS, *invitations.COVERS),
            lambda user: [*personal_data.collect(user), *invitations.collect(user)],
            lost=personal_data.lost,
            # Her invitations first: who is in no team has nothing to give back.
            erase=lambda person, now: (
                invitations.erase(person, now) + personal_data.erase(person, now)
            ),
        ),
        movings=(*personal_data.MOVINGS, *invitations.MOVINGS),
        departures=(*personal_data.DEPARTURES, *invitations.DEPARTURES),
        retention=personal_data.RETENTION,
        demo="outreach.demo",
    ),
)
