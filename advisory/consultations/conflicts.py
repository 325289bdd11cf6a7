"""What the portal knows that stands between a woman and a matter she is consulted on.

Whose matter it is are units; who works for one, or did, is found by her record and her career (calls.conflicts). What it
cannot know, a share or a relative, she declares.
"""

from django.utils.translation import gettext as _

from accounts.names import unit_key
from calls.conflicts import units_of


def found(consultation, talents):
    """Return {record's number: [[kind, the unit]]} of what is found of these women; three queries."""
    about = {unit_key(unit.name): unit.name for unit in consultation.units.all()}
    if not about:
        return {talent.pk: [] for talent in talents}
    return {pk: _shared(about, *units) for pk, units in units_of(talents).items()}


def _shared(about, present, former):
    return [
        *(["same_unit", about[key]] for key in sorted(about.keys() & present.keys())),
        *(["former_unit", about[key]] for key in sorted(about.keys() & former.keys())),
    ]


def on_her_card(found):
    """Keep what her card says anyway: where she works. Of women of other departments staff know no more until she accepts."""
    return [one for one in found if one[0] == "same_unit"]


def words(one):
    """Return what was found in words."""
    kind, unit = one
    if kind == "same_unit":
        return _("在涉及的单位工作：%(unit)s") % {"unit": unit}
    return _("曾在涉及的单位工作：%(unit)s") % {"unit": unit}
