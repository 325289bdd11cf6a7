"""What coaches and women are told of coaching; of what they talk about nothing is ever said."""

from entrepreneurship.learning.models import CoachTopic, ProposalState, Said
from kernel.words import in_both_languages
from notices.operations import Letter, page_link, queue_all


def send(letters, now):
    """Queue letters to whoever has an account."""
    queue_all([letter for letter in letters if letter and letter.to is not None], at=now)


def accepted(coach):
    """Return the letter that says that hours can be published."""
    key = f"{coach.pk}@{coach.decided_at:%Y%m%d%H%M%S}"
    link = page_link("my_coaching")
    return Letter("entrepreneurship.coach_accepted", coach.user, key, {}, link=link)


def declined(coach):
    """Return the letter that says that an offer was not taken up; the reason is on the page."""
    key = f"{coach.pk}@{coach.decided_at:%Y%m%d%H%M%S}"
    link = page_link("my_coaching")
    return Letter("entrepreneurship.coach_declined", coach.user, key, {}, link=link)


def _hour_page(hour):
    return page_link("coaching_hour", hour.event.code)


def booked(hour, seat):
    """Return the letter that tells the coach that an hour has been booked, once for each booking."""
    context = {"when": hour.event.starts_at}
    more = {"link": _hour_page(hour), "good_until": hour.event.ends_at}
    return Letter("entrepreneurship.hour_booked", hour.coach.user, seat, context, **more)


def given_back(hour, now):
    """Return the letter that tells the coach that an hour is free again."""
    key = f"{hour.pk}@{now:%Y%m%d%H%M%S}"
    more = {"link": _hour_page(hour), "good_until": hour.event.starts_at}
    context = {"when": hour.event.starts_at}
    return Letter("entrepreneurship.hour_free", hour.coach.user, key, context, **more)


def asked_to_confirm(hour, seat, talk, part):
    """Return the letter that asks the other of the two, once, while she has said nothing."""
    other = talk.she_says if part == "coach" else talk.coach_says
    if other != Said.NOTHING:
        return []
    to = seat.talent.user if part == "coach" else hour.coach.user
    context = {"when": hour.event.starts_at}
    key = f"{talk.pk}:{part}"
    return [Letter("entrepreneurship.hour_confirm", to, key, context, link=_hour_page(hour))]


def proposed(proposal):
    """Return the letter that asks the coach for an answer."""
    context = {"topic": in_both_languages(lambda: CoachTopic(proposal.topic).label)}
    link = page_link("my_coaching")
    to = proposal.coach.user
    return Letter("entrepreneurship.times_proposed", to, proposal, context, link=link)


def answered(proposal):
    """Return the letter that tells her that none of her times was taken; None where she took them back herself.

    Of one that was accepted the booking tells her.
    """
    kinds = {
        ProposalState.DECLINED: "entrepreneurship.times_declined",
        ProposalState.LAPSED: "entrepreneurship.times_lapsed",
    }
    if proposal.state not in kinds or proposal.talent is None:
        return None
    context = {"coach": proposal.coach.user.full_name}
    link = page_link("my_coaching")
    return Letter(kinds[proposal.state], proposal.talent.user, proposal, context, link=link)
