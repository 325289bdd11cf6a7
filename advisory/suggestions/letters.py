"""What is told about suggestions. The same may be told twice of one, so the moment is in the key.

A suggestion is called by its title where everybody may read it, else by its code: letters are kept unencrypted.
"""

from accounts.models import User
from advisory.suggestions.models import Authorship, CoSignature, Named
from advisory.suggestions.rules.who import RUN, SIGN, lead_of
from kernel.words import day_text, in_both_languages
from notices.operations import Letter, page_link, queue_all


def _send(kind, people, row, now, link, discreet=False, **context):
    key = f"{row.pk}@{now:%Y%m%d%H%M%S%f}"
    name = f"advisory.{kind}"
    letters = [
        Letter(name, one, key, context, link=link, discreet=discreet) for one in people if one
    ]
    queue_all(letters, at=now)


def called(suggestion):
    """Return what a letter calls a suggestion."""
    return suggestion.title if suggestion.is_public and suggestion.title else suggestion.code


def _day(day):
    return in_both_languages(lambda: day_text(day))


# --- to who wrote it ------------------------------------------------------------------------------
def _to_author(kind, suggestion, now, **context):
    """Tell who wrote this one, not those joined to it; who is not named is not by the list of deliveries either."""
    authors = Authorship.objects.filter(suggestion=suggestion).select_related("user")
    people = [author.user for author in authors]
    link = page_link("suggestion", suggestion.code)
    discreet = suggestion.named != Named.OWN
    _send(kind, people, suggestion, now, link, discreet, title=called(suggestion), **context)


def _to_authors(kind, suggestion, now, **context):
    """Tell who wrote it and who wrote what was joined to it, each of her own."""
    for one in (suggestion, *suggestion.joined.all()):
        _to_author(kind, one, now, **context)


def sent_back(suggestion, now):
    """Ask her to part it."""
    _to_author("suggestion_back", suggestion, now, words=suggestion.back_words)


def filed(suggestion, now):
    """Tell her that it is dealt with."""
    _to_author("suggestion_filed", suggestion, now)


def not_filed(suggestion, now):
    """Tell her that it is not, and why."""
    reason = in_both_languages(suggestion.get_not_filed_display)
    words = {"reason": reason, "words": suggestion.not_filed_words}
    _to_author("suggestion_not_filed", suggestion, now, **words)


def reconsidered(suggestion, now):
    """Tell her that it is looked at anew."""
    _to_author("suggestion_reconsidered", suggestion, now)


def joined(suggestion, now):
    """Tell her that it goes on together with another, or that the other's reply is there to be read."""
    to = suggestion.joined_to
    kind = "suggestion_joined_late" if to.answered_at else "suggestion_joined"
    _to_author(kind, suggestion, now, to=called(to))


def answered(reply, now):
    """Tell each author and each co-signer that there is a reply, or a corrected one."""
    kind = "suggestion_corrected" if reply.corrects_id else "suggestion_answered"
    suggestion = reply.suggestion
    _to_authors(kind, suggestion, now)
    if reply.is_published and suggestion.is_public:
        rows = CoSignature.objects.standing().filter(suggestion=suggestion, user__isnull=False)
        link, title = page_link("suggestion", suggestion.code), called(suggestion)
        for discreet in (False, True):
            people = [
                row.user for row in rows.select_related("user") if discreet is not row.is_named
            ]
            _send("suggestion_cosigned", people, suggestion, now, link, discreet, title=title)


def adopted(adoption, now):
    """Tell each author that it was taken up, and by what."""
    _to_authors("suggestion_adopted", adoption.suggestion, now, what=adoption.what)


def adoption_withdrawn(adoption, now):
    """Tell each author that it is not so after all."""
    reason = {"reason": adoption.withdraw_reason}
    _to_authors("suggestion_not_adopted", adoption.suggestion, now, **reason)


def effect_told(effect, now):
    """Tell each author what it brought about."""
    _to_authors("suggestion_effect", effect.adoption.suggestion, now)


def contest_decided(contest, now):
    """Tell the author who said that it is not so what came of that."""
    if contest.author is None:
        return
    words = {
        "outcome": in_both_languages(contest.get_outcome_display),
        "words": contest.decision,
    }
    _to_author("suggestion_contest_decided", contest.author.suggestion, now, **words)


# --- to staff -------------------------------------------------------------------------------------
def _holding(right, department):
    people = User.objects.holding(right).filter(is_staff=True)
    return list(people.filter(department=department))


def _to_staff(kind, suggestion, people, row, now, **context):
    link = page_link("admin:advisory_suggestion_change", suggestion.pk)
    unique = {person.pk: person for person in people if person}
    _send(kind, unique.values(), row, now, link, title=called(suggestion), **context)


def _coordinators(suggestion):
    return _holding(RUN, suggestion.campaign.department_id)


def _leads(suggestion, right=RUN):
    lead = lead_of(suggestion)
    return _holding(right, lead.department_id) if lead else []


def _to_department(kind, assignment, now, **context):
    people = _holding(RUN, assignment.department_id)
    _to_staff(kind, assignment.suggestion, people, assignment, now, **context)


def withdrawn(suggestion, now):
    """Tell coordinator and lead that its author took it back."""
    people = [*_coordinators(suggestion), *_leads(suggestion)]
    _to_staff("suggestion_withdrawn", suggestion, people, suggestion, now)


def assigned(assignment, now):
    """Tell a department what it was given, and by when."""
    role = in_both_languages(assignment.get_role_display)
    about = {"due": _day(assignment.due_on), "role": role, "back": _day(assignment.not_ours_by)}
    _to_department("suggestion_assigned", assignment, now, **about)


def handed_back(assignment, now):
    """Tell the coordinator, and nobody else, that a department says it is not theirs."""
    suggestion = assignment.suggestion
    about = {"department": assignment.department.short_name}
    people = _coordinators(suggestion)
    _to_staff("suggestion_handed_back", suggestion, people, assignment, now, **about)


def insisted(assignment, now):
    """Tell a department that it is theirs after all."""
    about = {"due": _day(assignment.due_on), "reason": assignment.insist_reason}
    _to_department("suggestion_insisted", assignment, now, **about)


def taken_back(assignment, now):
    """Tell a department that it need not deal with it any more."""
    reason = {"reason": assignment.taken_back_reason}
    _to_department("suggestion_taken_back", assignment, now, **reason)


def opinion_told(assignment, now):
    """Tell the lead that an assisting department has said what it thinks."""
    suggestion = assignment.suggestion
    about = {"department": assignment.department.short_name}
    people = _leads(suggestion)
    _to_staff("suggestion_opinion", suggestion, people, assignment, now, **about)


def extension_asked(extension, now):
    """Ask the coordinator for more days."""
    assignment = extension.assignment
    about = {"department": assignment.department.short_name, "days": extension.days}
    people = _coordinators(assignment.suggestion)
    _to_staff("suggestion_extension_asked", assignment.suggestion, people, extension, now, **about)


def extension_decided(extension, now):
    """Tell the department what became of it; where it got more days, each author as well."""
    assignment = extension.assignment
    outcome = in_both_languages(extension.get_state_display)
    about = {"outcome": outcome, "due": _day(assignment.due_on)}
    _to_department("suggestion_extension_decided", assignment, now, **about)
    if extension.state == "granted":
        due = {"due": _day(assignment.due_on)}
        _to_authors("suggestion_extended", assignment.suggestion, now, **due)


def handed_in(reply, now):
    """Ask those who sign for the department that leads; who drafted it cannot."""
    people = [p for p in _leads(reply.suggestion, SIGN) if p.pk != reply.drafted_by_id]
    _to_staff("reply_handed_in", reply.suggestion, people, reply, now)


def reply_sent_back(reply, now):
    """Tell who drafted it that it is to be changed; where she works there no more, her colleagues."""
    leads = _leads(reply.suggestion)
    people = [one for one in leads if one.pk == reply.drafted_by_id] or leads
    words = {"words": reply.back_words}
    _to_staff("reply_sent_back", reply.suggestion, people, reply, now, **words)


def reopened(suggestion, lead, now):
    """Tell the department that an author is not satisfied, and each author until when it is answered anew."""
    if lead is None:
        _to_staff(
            "suggestion_to_assign_anew", suggestion, _coordinators(suggestion), suggestion, now
        )
        return
    due = {"due": _day(lead.due_on)}
    _to_department("suggestion_reopened", lead, now, **due)
    _to_authors("suggestion_reopened_for_her", suggestion, now, **due)


def due_soon(assignment, now):
    """Remind a department of its last day."""
    _to_department("suggestion_due_soon", assignment, now, due=_day(assignment.due_on))


def overdue(assignment, now):
    """Tell a department and the coordinator that a last day has passed."""
    suggestion = assignment.suggestion
    people = [*_holding(RUN, assignment.department_id), *_coordinators(suggestion)]
    about = {"department": assignment.department.short_name, "due": _day(assignment.due_on)}
    _to_staff("suggestion_overdue", suggestion, people, assignment, now, **about)


def second_due(suggestion, now):
    """Remind the department of the second reply it promised."""
    people = _leads(suggestion) or _coordinators(suggestion)
    due = {"due": _day(suggestion.second_on)}
    _to_staff("suggestion_second_due", suggestion, people, suggestion, now, **due)


def effect_due(effect, now):
    """Remind the department to tell what an adoption brought about."""
    suggestion = effect.adoption.suggestion
    people = _leads(suggestion) or _coordinators(suggestion)
    about = {"months": effect.months, "due": _day(effect.due_on)}
    _to_staff("suggestion_effect_due", suggestion, people, effect, now, **about)


def contested(contest, now):
    """Tell the coordinator that an author says it is not so."""
    suggestion = contest.adoption.suggestion
    _to_staff("suggestion_contested", suggestion, _coordinators(suggestion), contest, now)
