"""Files by which an honour can be checked: put to it, taken out, read."""

from django.db import transaction
from django.utils.translation import gettext as _

from honours import evidence, rules
from honours.operations.awarding import locked_award
from kernel import reasons
from kernel.errors import Invalid
from privacy import audit, pieces

CHANGE = "honours.change_award"


@transaction.atomic
def attach_evidence(*, award, files, by, now):
    """Put files, [(file name, bytes)], to an award; all of them, or none. Returns those that were not there already.

    Raises Refused, Conflict for one that was revoked, Invalid for none, too many, too large, or not what they say.
    """
    if error := rules.why_not_handle(award, by, CHANGE) or rules.why_not_change(award):
        raise error
    if not files:
        raise Invalid("files_missing", _("请选择要上传的文件。"), field=rules.EVIDENCE.key)
    sent = evidence.plain(files)  # before the lock: opening them takes a while
    award = locked_award(award, by, CHANGE)
    if error := rules.why_not_change(award):
        raise error
    return evidence.keep(award, sent, by, now)


@transaction.atomic
def detach_evidence(*, file, reason, by, now):
    """Take a file out of an award, for a reason that stays in its history. Twice does nothing twice.

    Raises Refused, Invalid, Conflict where nothing would be left to check it by.
    """
    award = locked_award(file.award, by, CHANGE)
    file = award.files.filter(pk=file.pk).first()
    if file is None:
        return
    file.award = award
    if error := rules.why_not_detach(file):
        raise error
    reason = reasons.clean(reason, _("请写明删除的原因。"))
    file.delete()
    audit.record("honours.detach_evidence", award, by=by, at=now, reason=reason)


@transaction.atomic
def read_evidence(*, file, by, now):
    """Return (file name, bytes) for her, or for who looks into the honour; theirs is on record. Raises Refused."""
    if error := rules.why_not_read_evidence(file, by):
        raise error
    if by is None or file.award.talent.user_id != by.pk:
        audit.record("honours.read_evidence", file.award, by=by, at=now)
    return file.file_name, pieces.read(file.pieces)
