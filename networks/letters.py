"""What is told of associations: to those in office, to her, to the department's staff."""

from kernel.words import in_both_languages, record_day_text
from networks import rights
from notices.operations import Letter, page_link, queue_all


def _named(row):
    """Return the name of an association, or the title of a post, in both languages."""
    name = getattr(row, "title", "") or row.name
    name_en = getattr(row, "title_en", "") or getattr(row, "name_en", "")
    return {"zh-hans": name, "en": name_en or name}


def _day(day):
    return in_both_languages(lambda: record_day_text(day))


def _tell(kind, people, row, now, link, **context):
    key = f"{row.pk}@{now:%Y%m%d%H%M%S}"
    name = f"networks.{kind}"
    queue_all([Letter(name, one, key, context, link=link) for one in people if one], at=now)


# --- posts -----------------------------------------------------------------------------------------
def _of_post(kind, holding, now):
    if holding.talent_id is None:
        return
    _tell(
        kind,
        [holding.talent.user],
        holding,
        now,
        page_link("my_networks"),
        association=_named(holding.association),
        post=_named(holding.post),
        until=_day(holding.last_day),
    )


def post_given(holding, now):
    """Tell her that she holds a post, and until when."""
    _of_post("post_given", holding, now)


def post_ended(holding, now):
    """Tell her that a post of hers ends, and when."""
    _of_post("post_ended", holding, now)


def post_restored(holding, now):
    """Tell her that the ending was taken back."""
    _of_post("post_restored", holding, now)


def resigned(holding, now):
    """Tell the department's staff that somebody resigned."""
    association = holding.association
    _tell(
        "post_resigned",
        rights.clerks(association, "networks.change_holding"),
        holding,
        now,
        page_link("admin:networks_holding_change", holding.pk),
        association=_named(association),
        post=_named(holding.post),
        until=_day(holding.last_day),
    )


# --- terms -----------------------------------------------------------------------------------------
def _of_term(kind, term, people, now):
    association = term.association
    _tell(
        kind,
        people,
        term,
        now,
        page_link("association", association.code),
        association=_named(association),
        until=_day(term.ends_on),
    )


def election_ahead(term, months, today, now):
    """Remind those who run it and the department's staff that a term ends in six or three months."""
    people = _both(term.association, today, "networks.change_election")
    _of_term("election_six" if months == 6 else "election_three", term, people, now)


def election_overdue(term, today, now):
    """Tell the department's lead and its staff that a term has ended and nobody was elected."""
    leads = rights.clerks(term.association, "networks.lead_association")
    _of_term(
        "election_overdue",
        term,
        _once(leads + rights.clerks(term.association, "networks.change_election")),
        now,
    )


def _both(association, day, permission):
    return _once(rights.runners(association, day) + rights.clerks(association, permission))


def _once(people):
    return list({person.pk: person for person in people}.values())


# --- members ---------------------------------------------------------------------------------------
def _to_member(kind, membership, now, **context):
    _tell(
        kind,
        [membership.talent.user],
        membership,
        now,
        page_link("my_membership", membership.code),
        association=_named(membership.association),
        **context,
    )


def applied(membership, today, now):
    """Tell those who run the association that somebody wants to join; where nobody is in office, the department's staff."""
    association = membership.association
    people, link = (
        rights.runners(association, today),
        page_link("run_association", association.code),
    )
    if not people:
        people = rights.clerks(association, "networks.change_membership")
        link = page_link("admin:networks_membership_change", membership.pk)
    _tell("member_applied", people, membership, now, link, association=_named(association))


def approved(membership, now):
    """Tell her that she is a member, and until when."""
    _to_member("member_approved", membership, now, until=_day(membership.valid_until))


def declined(membership, now):
    """Tell her that she was not taken in; the reason stands on her page."""
    _to_member("member_declined", membership, now)


def decision_taken_back(membership, now):
    """Tell her that the decision was taken back and her application waits again."""
    _to_member("member_waits_again", membership, now)


def entered(membership, now):
    """Tell her that a list of the association's members names her."""
    _to_member("member_entered", membership, now, until=_day(membership.valid_until))


def renewed(membership, now):
    """Tell her that her membership was renewed by others."""
    _to_member("member_renewed", membership, now, until=_day(membership.valid_until))


def ending(membership, now):
    """Remind her that her membership ends, and that one tap renews it."""
    _to_member("member_ending", membership, now, until=_day(membership.valid_until))


def lapsed(membership, now):
    """Tell her that nobody renewed it in time."""
    _to_member("member_lapsed", membership, now)


def ended(membership, now):
    """Tell her that the association ended her membership; the reason stands on her page."""
    _to_member("member_ended", membership, now)


def restored(membership, now):
    """Tell her that she is a member again."""
    _to_member("member_restored", membership, now, until=_day(membership.valid_until))


# --- what it did lately ----------------------------------------------------------------------------
def silent(association, today, now):
    """Ask those who run it and the department's staff what it did: nothing was heard of it for 180 days."""
    _tell(
        "association_silent",
        _both(association, today, "networks.change_association"),
        association,
        now,
        page_link("association", association.code),
        association=_named(association),
    )
