"""What a volunteer is told."""

from kernel.words import day_text, in_both_languages
from notices.operations import Letter, page_link, queue_all
from outreach.volunteers.models import VolunteerState


def _send(kind, volunteer, key, context, now):
    if volunteer.talent.user is None:
        return
    link = page_link("my_volunteering")
    letter = Letter(f"outreach.{kind}", volunteer.talent.user, key, context, link=link)
    queue_all([letter], at=now)


def _once(volunteer, now):
    return f"{volunteer.pk}@{now:%Y%m%d%H%M%S}"


def decided(volunteer, now):
    """Tell her whether she is in the team; why not is on her page."""
    accepted = volunteer.state == VolunteerState.ACTIVE
    kind = "volunteer_accepted" if accepted else "volunteer_refused"
    _send(kind, volunteer, _once(volunteer, now), {}, now)


def reopened(volunteer, now):
    """Tell her that her application is looked at again."""
    _send("volunteer_reopened", volunteer, _once(volunteer, now), {}, now)


def runs_out(volunteer, now):
    """Tell her that her training or her check ends soon, and when."""
    until = volunteer.proven_until
    key = f"{volunteer.pk}@{until:%Y%m%d}"
    context = {"until": in_both_languages(lambda: day_text(until))}
    _send("volunteer_runs_out", volunteer, key, context, now)
