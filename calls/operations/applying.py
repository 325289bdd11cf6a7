"""She applies: begins, writes, hands in, takes back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from calls import conditions, letters, prefilling, rules, tables, together_rules
from calls.locking import lock_application, share_call
from calls.models import (
    Answer,
    Application,
    ApplicationState,
    ColleagueRole,
    LineChange,
    Numbering,
    UnitOpinion,
)
from calls.operations import leaving
from privacy import audit

State = ApplicationState
ONE_CHANGE = timedelta(minutes=10)
# What of an application says whom or what it puts forward.
SUBJECT = (
    "subject",
    "collective_name",
    "head_count",
    "women_count",
    "members",
    "is_leader",
)


@transaction.atomic
def start_application(*, call, talent, by, now):
    """Begin an application, filled in from her record; the one she has is returned, one she took back is hers again.

    Raises Refused or Conflict. Returns the Application.
    """
    if talent and (error := rules.why_not_hers(Application(talent=talent), by)):
        raise error
    call = share_call(call.pk)
    mine = Application.objects.filter(call=call, talent=talent).first() if talent else None
    if mine and mine.state != State.WITHDRAWN:
        return mine
    if error := rules.why_not_apply(call, talent, now):
        raise error
    if mine:
        return _again(mine, call, by, now)
    moments = {"started_at": now, "saved_at": now, "deadline": call.closes_at}
    application, is_new = Application.objects.get_or_create(
        call=call, talent=talent, defaults=moments
    )
    if is_new:
        _fill_in(application, call, talent)
        audit.record("calls.start_application", application, by=by, at=now)
    return application


def _again(application, call, by, now):
    application = lock_application(application, call=call)
    if application.state == State.WITHDRAWN:
        application.state, application.deadline, application.saved_at = (
            State.DRAFT,
            call.closes_at,
            now,
        )
        application.submitted_at = None
        application.save(update_fields=["state", "deadline", "saved_at", "submitted_at"])
        audit.record("calls.start_application", application, by=by, at=now)
    return application


def _fill_in(application, call, talent):
    """Write what her record says into the lines that ask for it."""
    answers = [
        Answer(application=application, field=field, text=text)
        for field in call.fields.exclude(profile="")
        if (text := prefilling.text_of(field.profile, talent))
    ]
    Answer.objects.bulk_create(answers)


def answers_of(application):
    """Return {field's number: text} of what she wrote; of files what she called them. Two queries."""
    found = {answer.field_id: answer.text for answer in application.answers.all()}
    for file in application.attachments.all():
        before = found.get(file.field_id)
        found[file.field_id] = f"{before}\n{file.file_name}" if before else file.file_name
    return found


def words_of(application, fields=None):
    """Return the same as it is read: a table as lines. `fields` are the form's lines, where the caller has them."""
    answers = answers_of(application)
    fields = application.call.fields.all() if fields is None else fields
    tabular = [field for field in fields if field.is_table and field.pk in answers]
    return answers | {field.pk: tables.shown(field, answers[field.pk]) for field in tabular}


@transaction.atomic
def save_answers(*, application, answers, seen=None, led_by_woman=None, kept_away=None, by, now):
    """Keep what she, or a colleague who writes with her, typed, finished or not.

    `answers` is {field's number: text, of a table its rows}; other fields' numbers are passed over, and those of files
    (`attach_files`). `seen` is {field's number: mark of the line as the page showed it} (together_rules.mark): a line
    somebody else has changed since is left as it is and comes back in `clashes` of the Application, {field's number:
    what stands there}; the others are kept.

    `led_by_woman` says who leads it, in a call that is open to all; `kept_away` whom she asks not to be judged by, one
    name in a line. None leaves each as it is.

    Raises Refused, or Conflict behind the deadline. Saving the same changes nothing. Returns the Application.
    """
    if error := together_rules.why_not_edit(application, by):
        raise error
    application = lock_application(application, call=share_call(application.call_id))
    if error := together_rules.why_not_edit(application, by):  # removed while she waited
        raise error
    if error := rules.why_not_save(application, now):
        raise error
    _write(application, answers, seen or {}, by, now)
    if led_by_woman is not None:
        application.led_by_woman = led_by_woman or not application.call.open_to_all
    if kept_away is not None:
        application.kept_away = kept_away.strip()[: tables.LONGEST]
    application.saved_at = now
    application.save(update_fields=["saved_at", "led_by_woman", "kept_away"])
    return application


def _write(application, answers, seen, by, now):
    """Write the lines that changed, but for those that clash; note who did where colleagues write with her."""
    kept, application.clashes = answers_of(application), {}
    shared = application.colleagues.filter(role=ColleagueRole.EDITOR).exclude(user=None).exists()
    for field in application.call.fields.all():
        if field.is_file or field.pk not in answers:
            continue
        given, before, page = answers[field.pk], kept.get(field.pk, ""), seen.get(field.pk)
        text = tables.answer_text(field, given)
        if text == before or (page and together_rules.mark(text) == page):
            continue  # the same, or not touched on a page that is older than what stands there
        if together_rules.clash(before, page, text):
            application.clashes[field.pk] = before
            continue
        row = {"application": application, "field": field}
        if text:
            Answer.objects.update_or_create(**row, defaults={"text": text})
        else:
            Answer.objects.filter(**row).delete()
        if shared:
            _note_change(row, by, now)


def _note_change(row, by, now):
    """Note who changed a line; what she saves while typing is one change."""
    last = LineChange.objects.filter(**row).order_by("-pk").first()
    if last and last.by == by and now - last.at < ONE_CHANGE:
        LineChange.objects.filter(pk=last.pk).update(at=now)
    else:
        LineChange.objects.create(**row, by=by, at=now)


@transaction.atomic
def describe_subject(*, application, values, by, now):
    """Keep what she says of whom or what she puts forward; `values` are names of SUBJECT, others stay as they are.

    Raises as `save_answers` does, and Invalid for more women than members. Returns the Application.
    """
    if error := rules.why_not_hers(application, by):
        raise error
    application = lock_application(application, call=share_call(application.call_id))
    if error := rules.why_not_save(application, now):
        raise error
    heads = [values.get(name, getattr(application, name)) for name in ("head_count", "women_count")]
    if error := conditions.why_not_heads(*heads):
        raise error
    changed = [n for n in SUBJECT if n in values and getattr(application, n) != values[n]]
    for name in changed:
        setattr(application, name, values[name])
    if changed:
        application.saved_at = now
        application.save(update_fields=[*changed, "saved_at"])
    return application


@transaction.atomic
def submit_application(*, application, by, now):
    """Hand it in: it gets its number and she is told. Handing in twice does nothing twice.

    Raises Refused, Conflict behind the deadline, Invalid with what is missing. Returns the Application.
    """
    if error := rules.why_not_hers(application, by):
        raise error
    application = lock_application(application, call=share_call(application.call_id))
    if application.state == State.SUBMITTED:
        return application
    if error := rules.why_not_submit(application, answers_of(application), now):
        raise error
    application.state, application.submitted_at = State.SUBMITTED, now
    application.number = application.number or _next_number(application.call)
    application.save(update_fields=["state", "submitted_at", "number"])
    audit.record("calls.submit_application", application, by=by, at=now)
    letters.received(application, now)
    return application


def _next_number(call):
    Numbering.objects.filter(call=call).update(last=F("last") + 1)
    return Numbering.objects.get(call=call).last


@transaction.atomic
def withdraw_application(*, application, by, now):
    """Take it back, at any time before the results; what she wrote stays hers. Returns the Application.

    Until the deadline she may go on with it and hand it in again.
    """
    if error := rules.why_not_hers(application, by):
        raise error
    application = lock_application(application, call=share_call(application.call_id))
    if application.state == State.WITHDRAWN:
        return application
    if error := rules.why_not_withdraw(application):
        raise error
    application.state, application.result = State.WITHDRAWN, ""
    application.accepted_at = None
    application.save(update_fields=["state", "result", "accepted_at"])
    UnitOpinion.objects.filter(application=application).delete()  # its unit's place is free again
    leaving.strike(application, now)
    audit.record("calls.withdraw_application", application, by=by, at=now)
    return application
