"""What is told about profiles, interests, matches and contracts. The same may be told twice of one thing, so the moment is in the key."""

from django.utils import timezone

from accounts.models import User
from entrepreneurship.transfer.models import OFFER_RIGHT
from kernel.words import day_text
from notices.operations import Letter, page_link, queue_all

PREFIX = "entrepreneurship.transfer_"
MOST_CONTACTS = 20


def told_of(row):
    """Return how the key of everything begins that is told of a profile or an interest."""
    return f"{row.code}@"


def _key(row, now):
    return f"{told_of(row)}{now:%Y%m%d%H%M%S}"


def contacts(unit_id):
    """Return who speaks for a unit here."""
    return list(User.objects.holding(OFFER_RIGHT).filter(unit=unit_id)[:MOST_CONTACTS])


def owners(profile):
    """Return who is told about a profile: the woman, or her unit's contacts."""
    if profile.unit_id:
        return contacts(profile.unit_id)
    return [profile.talent.user] if profile.talent and profile.talent.user else []


def _tell(kind, people, row, now, link, **context):
    letters = [
        Letter(PREFIX + kind, person, _key(row, now), context, link=link) for person in people
    ]
    queue_all(letters, at=now)


# --- profiles -------------------------------------------------------------------------------------
def _of_profile(kind, profile, now, **context):
    link = page_link("my_transfer", profile.code)
    _tell(kind, owners(profile), profile, now, link, **context)


def to_endorse(profile, version, now):
    """Ask the unit's contacts whether it agrees to its service invention being offered."""
    link = page_link("transfer_endorsement", profile.code)
    people = contacts(version.endorser_id)
    _tell("to_endorse", people, profile, now, link, title=version.title)


def endorsed(profile, version, now):
    """Tell her that her unit agrees."""
    _of_profile("endorsed", profile, now, title=version.title)


def returned(profile, version, now):
    """Tell the owner that something is to be changed; what it is stands on the page."""
    _of_profile("returned", profile, now, title=version.title)


def published(profile, now):
    """Tell the owner that it is public, and until when."""
    until = day_text(profile.expires_on)
    _of_profile("published", profile, now, title=profile.title, until=until)


def hidden(profile, now):
    """Tell the owner that staff took it off, and why."""
    _of_profile("hidden", profile, now, title=profile.title, reason=profile.hidden_reason)


def shown_again(profile, now):
    """Tell the owner that staff show it again, where it is shown."""
    if profile.is_shown(timezone.localdate(now)):
        _of_profile("shown_again", profile, now, title=profile.title)


def ends(profile, now):
    """Tell the owner that it ends soon."""
    until = day_text(profile.expires_on)
    _of_profile("ends", profile, now, title=profile.title, until=until)
