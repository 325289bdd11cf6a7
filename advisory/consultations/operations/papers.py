"""Papers: put there, taken away, opened by whoever may; opening a confidential one is on record."""

from django.db import transaction
from django.utils.translation import gettext as _

from advisory.consultations import rules
from advisory.consultations.models import ConsultationPaper, PaperOpening
from advisory.consultations.operations.locking import locked
from kernel.errors import Conflict, raise_if
from privacy import audit, pieces
from talents.career import files

MOST_PAPERS = 20


@transaction.atomic
def add_paper(*, consultation, sent, confidential, by, now):
    """Keep a (file name, bytes) for those who are consulted; what is no PDF or picture is refused.

    Raises Refused, Conflict, what talents.career.files.plain raises. Returns the ConsultationPaper.
    """
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    raise_if(rules.why_not_papers(consultation))
    if consultation.papers.count() >= MOST_PAPERS:
        sentence = _("一项咨询最多 %(most)s 份材料。") % {"most": MOST_PAPERS}
        raise Conflict("too_many_papers", sentence)
    name, data = files.plain(sent)
    kind = files.kind_of(data)
    fields = {"kind": kind, "confidential": confidential, "added_at": now}
    name = files.tidy_name(name, kind)
    paper, new = pieces.keep_once(consultation.papers, (name, data), **fields)
    if new:
        audit.record("advisory.add_paper", paper, by=by, at=now, confidential=confidential)
    return paper


@transaction.atomic
def remove_paper(*, paper, by, now):
    """Take a paper away for good, who opened it with it. Raises Refused, Conflict."""
    raise_if(rules.why_not_run(paper.consultation, by))
    consultation = locked(paper.consultation)
    raise_if(rules.why_not_papers(consultation))
    audit.record("advisory.remove_paper", consultation, by=by, at=now, paper=paper.pk)
    ConsultationPaper.objects.filter(pk=paper.pk).delete()


@transaction.atomic
def open_paper(*, paper, invitation, by, now):
    """Return (file name, bytes) of a paper for a woman; opening a confidential one is on record.

    Raises Refused for anybody else, Conflict while a conflict of interest waits, or when all is over.
    """
    raise_if(rules.why_not_hers(invitation, by))
    raise_if(rules.why_not_open_paper(paper, invitation))
    if paper.confidential:
        PaperOpening.objects.create(paper=paper, invitation=invitation, at=now)
        audit.record("advisory.open_paper", paper, by=by, at=now)
    return _file(paper)


@transaction.atomic
def read_paper(*, paper, by, now):
    """Return (file name, bytes) of a paper for staff who run the consultation; on record if confidential.

    Raises Refused.
    """
    raise_if(rules.why_not_run(paper.consultation, by))
    if paper.confidential:
        audit.record("advisory.open_paper", paper, by=by, at=now)
    return _file(paper)


def _file(paper):
    return paper.file_name, pieces.read(paper.pieces.all())
