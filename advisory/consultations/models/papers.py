"""Papers of a consultation, and who opened a confidential one."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advisory.consultations.models.consultations import Consultation
from advisory.consultations.models.invitations import ConsultationInvitation
from privacy.pieces import KeptFile, Piece


class ConsultationPaper(KeptFile):
    """A file those who are consulted read, once nothing stands between them and it."""

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="papers", verbose_name=_("咨询")
    )
    confidential = models.BooleanField(_("内部资料"), default=True)

    class Meta(KeptFile.Meta):
        abstract = False
        verbose_name = pgettext_lazy("one", "咨询材料")
        verbose_name_plural = pgettext_lazy("many", "咨询材料")


class ConsultationPaperPiece(Piece):
    """A megabyte of it."""

    paper = models.ForeignKey(
        ConsultationPaper, models.CASCADE, related_name="pieces", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["paper", "number"], name="consultation_paper_piece_once"
            ),
        )


class PaperOpening(models.Model):
    """That a woman opened a confidential paper, each time she did."""

    paper = models.ForeignKey(ConsultationPaper, models.CASCADE, related_name="openings")
    invitation = models.ForeignKey(
        ConsultationInvitation, models.CASCADE, related_name="openings", verbose_name=_("谁")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("打开内部资料的记录")
        ordering = ["-id"]

    def __str__(self):
        return str(self.pk)

    @property
    def subject(self):
        """Return the title of the consultation."""
        return self.paper.consultation.title

    @property
    def file_name(self):
        """Return the name of the paper."""
        return self.paper.file_name
