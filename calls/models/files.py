"""Files that go with an application: what they prove stands in them, so they are sealed as answers are."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.models.applications import Application
from calls.models.calls import Field
from privacy.pieces import KeptFile, Piece


class Attachment(KeptFile):
    """One file in a line of the form; written and taken out by calls.operations alone.

    A trigger (0005) lets none in once the application is handed in, and none behind its deadline.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    field = models.ForeignKey(Field, models.PROTECT, related_name="+", db_index=False)
    # Of what reviewers read without knowing whose it is.
    names_her = models.BooleanField(_("文件里写着她的姓名或单位"), default=False)

    class Meta(KeptFile.Meta):
        verbose_name = verbose_name_plural = _("申报附件")

    def get_absolute_url(self):
        """Return where she fetches it."""
        return reverse("application_attachment", args=[self.code])


class AttachmentPiece(Piece):
    """A megabyte of a file."""

    attachment = models.ForeignKey(
        Attachment, models.CASCADE, related_name="pieces", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["attachment", "number"], name="calls_attachment_piece_once"
            ),
        )
