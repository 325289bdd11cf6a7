"""What a text of a form begins with: her record, and what other apps know of her (kernel.portal, field `prefills`)."""

from calls.models import IDENTIFYING, FromProfile
from kernel import portal
from talents import honours


def choices():
    """Return (code, words) of all a text may begin with."""
    declared = portal.merged("prefills")
    return [*FromProfile.choices, *((code, one.words) for code, one in declared.items())]


def words_of(code):
    """Return what a code stands for, "" for none."""
    return dict(choices()).get(code, "")


def is_identifying(code):
    """Tell whether it says whose an application is; what other apps know always does."""
    return code in IDENTIFYING or code in portal.merged("prefills")


def text_of(code, talent):
    """Return what is known of a woman (a Talent) under a code, "" for nothing."""
    if declared := portal.merged("prefills").get(code):
        return declared.text(talent)
    if code == FromProfile.HONOURS:
        return "\n".join(honours.lines(talent))
    value = getattr(talent, code, "") or ""
    return "、".join(value) if isinstance(value, list) else str(value)
