"""Calls that suit one woman, by rules she can read."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Call, NominationSource
from calls.rules import why_not_by_apps
from kernel.portal import Opening
from kernel.text import fold
from kernel.words import listed, moment_text

MOST = 50
READ = ("title", "text")
RULES = (
    gettext_lazy("申报：标题或说明里提到您的研究方向。"),
    gettext_lazy("申报：由您所属的部门牵头。"),
)


def find(talent, now):
    """Return the calls she may apply to herself, has not begun and that fit by a rule, what closes next first. One query."""
    calls = Call.objects.taking(now).filter(sources__contains=[NominationSource.SELF])
    suited = [
        (call, _reasons(call, talent)) for call in calls.exclude(applications__talent=talent)[:MOST]
    ]
    return [
        Opening(
            call.label,
            call.get_absolute_url(),
            _("%(at)s截止申报") % {"at": moment_text(call.closes_at)},
            why,
        )
        for call, why in suited
        if why and why_not_by_apps(call, talent, now) is None
    ]


def _reasons(call, talent):
    text = fold(" ".join(getattr(call, name) for name in READ))
    named = [field for field in talent.research_fields if fold(field) and fold(field) in text]
    said = []
    if named:
        said.append(_("与您的研究方向有关：%(fields)s。") % {"fields": listed(named)})
    if call.department_id == talent.department_id:
        said.append(_("由您所属的部门牵头。"))
    return tuple(said)
