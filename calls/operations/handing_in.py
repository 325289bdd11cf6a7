"""She hands in what is due after an award: writes, attaches, hands in, corrects, takes back."""

from django.db import transaction

from calls import afterwards_rules as after
from calls import files, letters
from calls.locking import lock_due
from calls.models import DueFile, DueState
from privacy import audit, pieces

State = DueState


def _locked(due, by):
    if error := after.why_not_hers(due, by):
        raise error
    due = lock_due(due)
    if error := after.why_not_hers(due, by) or after.why_not_write(due):
        raise error
    return due


def _note_corrected(due, by, now):
    """Stamp a report that waits for staff anew: what they have open is not what stands there any more."""
    if due.state != State.HANDED_IN:
        return
    if error := after.why_not_complete(due, due.text, due.files.count()):
        raise error
    due.handed_in_at = now
    due.save(update_fields=["handed_in_at"])
    audit.record("calls.correct_due", due, by=by, at=now)


@transaction.atomic
def write_due(*, due, text, by, now):
    """Keep what she wrote in a report, finished or not; of one that is handed in only what is complete.

    Raises Refused, Conflict once it is settled or while it waits for the step before, Invalid. Returns the Due.
    """
    due = _locked(due, by)
    text = text.strip()
    if error := after.why_not_text(due, text):
        raise error
    if text == (due.text or ""):
        return due
    due.text = text or None
    due.save(update_fields=["text"])
    _note_corrected(due, by, now)
    return due


@transaction.atomic
def attach_to_due(*, due, sent, by, now):
    """Put files, [(file name, bytes)], to a report; all of them or none, a file it has already not again.

    What a file is its content decides (calls.files). Raises as `write_due` does; returns the DueFiles.
    """
    if error := (
        after.why_not_hers(due, by)
        or after.why_not_write(due)
        or after.why_not_attach(due, len(sent))
    ):
        raise error
    # Before the lock: opening them takes a while.
    plain = [files.plain(due.step, one, is_blind=False, names=()) for one in sent]
    due = _locked(due, by)
    if error := after.why_not_attach(due, len(sent)):
        raise error
    kept = [_keep(due, name, data, now) for name, data, _named in plain]
    if any(is_new for _file, is_new in kept):
        _note_corrected(due, by, now)
    return [file for file, _is_new in kept]


def _keep(due, name, data, now):
    kind = files.kind_of(data)
    return pieces.keep_once(due.files, (name, data), kind=kind, added_at=now)


@transaction.atomic
def detach_from_due(*, file, by, now):
    """Take a file out of a report that is not settled; twice does nothing twice. Raises as `write_due` does."""
    due = _locked(file.due, by)
    if DueFile.objects.filter(pk=file.pk).delete()[0]:
        _note_corrected(due, by, now)


@transaction.atomic
def hand_in_due(*, due, by, now):
    """Hand a report in; late is better than never, so behind its day as well. Twice does nothing twice.

    Raises Refused, Conflict, Invalid with what is missing. Returns the Due.
    """
    due = _locked(due, by)
    if due.state == State.HANDED_IN:
        return due
    if error := after.why_not_complete(due, due.text, due.files.count()):
        raise error
    due.state, due.handed_in_at = State.HANDED_IN, now
    due.save(update_fields=["state", "handed_in_at"])
    audit.record("calls.hand_in_due", due, by=by, at=now)
    letters.due_received(due, now)
    return due


@transaction.atomic
def withdraw_due(*, due, by, now):
    """Take a report back that staff have not settled; what she wrote stays hers. Returns the Due."""
    if error := after.why_not_hers(due, by):
        raise error
    due = lock_due(due)
    if error := after.why_not_hers(due, by) or after.why_not_withdraw(due):
        raise error
    due.state, due.handed_in_at = State.RETURNED if due.lacking else State.OPEN, None
    due.save(update_fields=["state", "handed_in_at"])
    audit.record("calls.withdraw_due", due, by=by, at=now)
    return due


def read_due_file(*, file, by):
    """Return (file name, bytes) for the woman herself or staff who may see what is due. Raises Refused."""
    if error := after.why_not_read_file(file, by):
        raise error
    return file.file_name, pieces.read(file.pieces)
