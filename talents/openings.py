"""What is open to one woman and why it fits: gathered from what the apps above declare (kernel.portal, field `openings`)."""

from kernel import portal
from talents.standing import why_not_take_part


def suiting(talent, now):
    """Return the Openings that suit a woman (a Talent), app by app; none while she may not take part."""
    if why_not_take_part(talent):
        return []
    return [one for part in portal.listed("openings") for one in part.find(talent, now)]


def rules():
    """Return the rules they are found by, as sentences."""
    return [rule for part in portal.listed("openings") for rule in part.rules]
