"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship import personal_data, reports
from entrepreneurship.bases import declares as bases
from entrepreneurship.finance import declares as finance
from entrepreneurship.learning import declares as learning
from entrepreneurship.plans import declares as plans
from entrepreneurship.transfer import declares as transfer
from entrepreneurship.ventures import declares as ventures
from kernel.portal import Declaration, PersonalData, Place, Report, joined

declaration = joined(
    ventures.declaration,
    plans.declaration,
    learning.declaration,
    finance.declaration,
    bases.declaration,
    transfer.declaration,
    Declaration(
        personal_data=PersonalData(
            36,
            _("创新创业"),
            personal_data.COVERS,
            personal_data.collect,
            lost=personal_data.lost,
            erase=personal_data.erase,
        ),
        movings=personal_data.MOVINGS,
        retention=personal_data.RETENTION,
        places=(
            Place(
                33,
                "innovation/",
                pgettext_lazy("place", "创新创业"),
                "rocket",
                short=pgettext_lazy("place", "创业"),
            ),
        ),
        report=Report(25, reports.monthly, reports.sections, reports.tables),
        api="entrepreneurship.api",
        demo="entrepreneurship.demo",
    ),
)
