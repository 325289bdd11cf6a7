"""Files of an application: put to a line of its form, taken out, read."""

from django.db import transaction
from django.utils.translation import gettext as _

from calls import blind, files, review_rules, rules
from calls.locking import lock_application, share_call
from calls.models import Attachment
from kernel.errors import Refused
from privacy import pieces


@transaction.atomic
def attach_files(*, application, field, sent, by, now):
    """Put files, [(file name, bytes)], to a line of the form; all of them, or none. Returns the Attachments.

    A file the line has already is not put there again: a button pressed twice attaches once.

    Raises Refused, Conflict behind the deadline, Invalid at the line for what is too large, too many, not of a kind the line
    takes, or not what it says.
    """
    if error := (
        rules.why_not_hers(application, by)
        or rules.why_not_save(application, now)
        or rules.why_not_attach(field, application, len(sent))
    ):
        raise error
    names = blind.own_names(application.talent)
    hidden = application.call.is_blind and not field.identifying
    # Before the lock: opening them takes a while.
    plain = [files.plain(field, one, is_blind=hidden, names=names) for one in sent]
    application = _locked(application, by, now)
    attached = [_attach(application, field, one, now) for one in plain]
    if error := rules.why_not_attach(field, application, 0):
        raise error
    _note_saved(application, now)
    return attached


def _locked(application, by, now):
    if error := rules.why_not_hers(application, by):
        raise error
    application = lock_application(application, call=share_call(application.call_id))
    if error := rules.why_not_hers(application, by) or rules.why_not_save(application, now):
        raise error
    return application


def _attach(application, field, plain, now):
    name, data, named = plain
    made, _new = pieces.keep_once(
        application.attachments.filter(field=field),
        (name, data),
        application=application,
        field=field,
        kind=files.kind_of(data),
        names_her=named,
        added_at=now,
    )
    return made


def _note_saved(application, now):
    """Note when it was saved last: a constraint refuses what is behind its deadline."""
    application.saved_at = now
    application.save(update_fields=["saved_at"])


@transaction.atomic
def detach_file(*, attachment, by, now):
    """Take a file out of an application that is being filled in; twice does nothing twice.

    Raises Refused, or Conflict behind the deadline.
    """
    application = _locked(attachment.application, by, now)
    if Attachment.objects.filter(pk=attachment.pk).delete()[0]:
        _note_saved(application, now)


def read_file(*, attachment, by):
    """Return (file name, bytes) for the woman herself or staff who may read the application. Raises Refused.

    Reviewers read by `read_reviewed`.
    """
    if error := rules.why_not_read_file(attachment, by):
        raise error
    return attachment.file_name, pieces.read(attachment.pieces)


def read_reviewed(*, assignment, code, by, now):
    """Return (file name, bytes) of the file `code` for the reviewer who has opened the sheet.

    The name says neither whose it is nor what she called it. Raises Refused, or Conflict where the sheet is not open.
    """
    if error := (
        review_rules.why_not_hers(assignment.reviewer, by)
        or review_rules.why_not_read(assignment, now)
    ):
        raise error
    is_blind = assignment.reviewer.review.is_blind
    shown = blind.files_of(assignment.candidate, is_blind=is_blind)
    if code not in shown:
        raise Refused("not_yours", _("您不能查看这个文件。"))
    file, name = shown[code]
    return name, pieces.read(file.pieces)
