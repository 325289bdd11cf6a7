"""What is told about profiles, interests, matches and contracts. The same may be told twice of one thing, so the moment is in the key."""

from django.utils import timezone

from accounts.models import User
from entrepreneurship.transfer.models import OFFER_RIGHT
from kernel.words import day_text, in_both_languages
from notices.models import Notice
from notices.operations import Letter, page_link, queue_all

PREFIX = "entrepreneurship.transfer_"
MOST_CONTACTS = 20


def told_of(row):
    """Return how the key of everything begins that is told of a profile or an interest."""
    return f"{row.code}@"


def forget(row):
    """Delete what was told of a profile or an interest: it names the title. Returns how many rows."""
    told = Notice.objects.filter(object_key__startswith=told_of(row), kind__startswith=PREFIX)
    return told.delete()[0]


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


def seekers(interest):
    """Return who is told about an interest on the side that began it."""
    if interest.seeker_unit_id:
        return contacts(interest.seeker_unit_id)
    return [interest.seeker.user] if interest.seeker and interest.seeker.user else []


def _day(day):
    """Return a date as a notice keeps it: whoever reads it reads it in her language."""
    return in_both_languages(lambda: day_text(day))


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
    _of_profile("published", profile, now, title=profile.title, until=_day(profile.expires_on))


def hidden(profile, now):
    """Tell the owner that staff took it off, and why."""
    _of_profile("hidden", profile, now, title=profile.title, reason=profile.hidden_reason)


def shown_again(profile, now):
    """Tell the owner that staff show it again, where it is shown."""
    if profile.is_shown(timezone.localdate(now)):
        _of_profile("shown_again", profile, now, title=profile.title)


def ends(profile, now):
    """Tell the owner that it ends soon."""
    _of_profile("ends", profile, now, title=profile.title, until=_day(profile.expires_on))


# --- interests ------------------------------------------------------------------------------------
def _of_interest(kind, people, interest, now, **context):
    link = page_link("transfer_interest", interest.code)
    _tell(kind, people, interest, now, link, title=interest.profile.title, **context)


def interest_asked(interest, now):
    """Tell the owner that somebody is interested, and until when to answer."""
    until = _day(interest.answer_by)
    _of_interest("asked", owners(interest.profile), interest, now, until=until)


def interest_withdrawn(interest, now):
    """Tell the owner that there is nothing to answer any more."""
    _of_interest("withdrawn", owners(interest.profile), interest, now)


def interest_answered(interest, now):
    """Ask the seeker to confirm: then both read each other's contact."""
    until = _day(interest.answer_by)
    _of_interest("answered", seekers(interest), interest, now, until=until)


def interest_declined(interest, now):
    """Tell the seeker that it was declined; why stands on the page."""
    _of_interest("declined", seekers(interest), interest, now)


def _both(interest):
    people = {person.pk: person for person in (*owners(interest.profile), *seekers(interest))}
    return list(people.values())


def interest_agreed(interest, now):
    """Tell both that they read each other's contact now, and mediators that one of them is needed."""
    _of_interest("agreed", _both(interest), interest, now)
    link = page_link("admin:entrepreneurship_transferinterest_change", interest.pk)
    people = User.objects.holding("entrepreneurship.mediate_transferinterest").filter(is_staff=True)
    _tell("to_mediate", people[:MOST_CONTACTS], interest, now, link, title=interest.profile.title)


def interest_taken_on(interest, now):
    """Tell both who accompanies them."""
    name = interest.mediator.full_name
    _of_interest("taken_on", _both(interest), interest, now, mediator=name)


def interest_handed_over(interest, now):
    """Tell both who accompanies them from now on, and the mediator that she does."""
    interest_taken_on(interest, now)
    link = page_link("admin:entrepreneurship_transferinterest_change", interest.pk)
    _tell("handed_over", [interest.mediator], interest, now, link, title=interest.profile.title)


def interest_confidential(interest, now):
    """Tell both that the confidentiality agreement is on file."""
    _of_interest("confidential", _both(interest), interest, now)


def interest_ended(interest, now):
    """Tell both that it is over; why stands on the page."""
    _of_interest("ended", _both(interest), interest, now)


def interest_lapsed(interest, now):
    """Tell both that nobody answered in time; it may be said again."""
    _of_interest("lapsed", _both(interest), interest, now)


# --- contracts ------------------------------------------------------------------------------------
def contract_signed(contract, now):
    """Tell both that the contract is on file as signed."""
    _of_interest("signed", _both(contract.interest), contract.interest, now)


# --- matches --------------------------------------------------------------------------------------
def _weekly_key(pk, now):
    return "{}:{}-{}".format(pk, *timezone.localdate(now).isocalendar()[:2])


def told_this_week(pks, now):
    """Return the keys of those of these people who had their letter about matches this week."""
    keys = [_weekly_key(pk, now) for pk in pks]
    had = Notice.objects.filter(kind=PREFIX + "matches", recipient__in=pks, object_key__in=keys)
    return set(had.values_list("recipient", flat=True))


def matched(counts, now):
    """Tell people how many matches are new: `counts` are (User, number); one letter a week each. Returns how many letters."""
    link = page_link("transfer_matches")
    letters = [
        Letter(PREFIX + "matches", person, _weekly_key(person.pk, now), {"n": count}, link=link)
        for person, count in counts
    ]
    return len(queue_all(letters, at=now))
