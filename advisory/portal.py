"""What the app adds to the portal (kernel.portal): what each theme declares, joined."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory import growth, personal_data, reports
from advisory.consultations import declares as consultations
from advisory.suggestions import declares as suggestions
from advisory.suggestions import staff_declares
from kernel.portal import Declaration, Link, PersonalData, Report, joined

declaration = joined(
    consultations.declaration,
    suggestions.declaration,
    staff_declares.declaration,
    Declaration(
        personal_data=PersonalData(
            37,
            pgettext_lazy("app", "咨询建言"),
            personal_data.COVERS,
            personal_data.collect,
            lost=personal_data.lost,
            erase=personal_data.erase,
        ),
        movings=personal_data.MOVINGS,
        retention=personal_data.RETENTION,
        growth=growth.milestones,
        report=Report(27, reports.monthly, reports.sections, reports.tables),
        links=(
            Link(
                "settings",
                18,
                pgettext_lazy("app", "咨询建言"),
                "my_advisory",
                lambda user, found: _("请教您的事、您的意见和采纳情况"),
            ),
        ),
        demo="advisory.demo",
    ),
)
