"""The emergency numbers the portal starts with, and those it shows."""

from care_points.models import EmergencyNumber

# Nation-wide numbers; staff edit them from then on.
STARTING = (
    ("110", "报警", "Police"),
    ("120", "急救", "Ambulance"),
    ("12338", "妇女维权热线", "Women's rights hotline"),
    ("12356", "心理援助热线", "Psychological support hotline"),
)


def starting():
    """Return the numbers the portal starts with, not saved."""
    return [
        EmergencyNumber(number=number, name=name, name_en=name_en, order=10 * place)
        for place, (number, name, name_en) in enumerate(STARTING, start=1)
    ]


def numbers():
    """Return the numbers to show; those of the beginning where there are none: a page without any is worse than an old one."""
    return list(EmergencyNumber.objects.shown()) or starting()
