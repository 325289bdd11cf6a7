"""What honours a woman holds, for calls that put nobody forward twice (kernel.portal, field `honours_held`)."""

from calls.conditions import Held
from honours.models import Award, ForWhom


def held_by(talent):
    """Return the honours of persons that stand on a woman's record, as calls.conditions.Held. One query."""
    rows = Award.objects.standing().filter(talent=talent, honour__for_whom=ForWhom.PERSON)
    return [Held(row.honour.name, row.granted_on) for row in rows.select_related("honour")]
