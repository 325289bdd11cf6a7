"""Files by which an honour can be checked: a scan of the document or of the certificate others gave her."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from honours.models.awards import Award
from privacy.pieces import KeptFile, Piece


class AwardFile(KeptFile):
    """One file that proves an award; written and taken out by honours.operations alone. It goes with its award."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="files")

    class Meta(KeptFile.Meta):
        verbose_name = verbose_name_plural = _("荣誉的依据文件")

    def get_absolute_url(self):
        """Return where she fetches it."""
        return reverse("honour_evidence", args=[self.code])


class AwardFilePiece(Piece):
    """A megabyte of a file."""

    file = models.ForeignKey(AwardFile, models.CASCADE, related_name="pieces", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["file", "number"], name="award_file_piece_once"),
        )
