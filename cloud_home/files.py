"""Files of posts: what they are by their content, pictures made anew, kept in encrypted pieces."""

from django.utils.translation import ngettext

from cloud_home import rules
from cloud_home.models import Attachment
from kernel.errors import Invalid
from privacy import pieces
from talents.career import files


def plain(sent):
    """Return [(file name, bytes)] as they are kept: of a picture what is seen.

    Raises Invalid at `files` for more than four, for one too large, or of a type nobody may send.
    """
    most = rules.MOST_FILES
    if len(sent) > most:
        sentence = ngettext("一次最多 %(n)s 个附件。", "一次最多 %(n)s 个附件。", most)
        raise Invalid("too_many_files", sentence % {"n": most}, field="files")
    try:
        return [files.plain(one) for one in sent]
    except Invalid as error:
        error.field = "files"
        raise


def keep(post, kept, now):
    """Store what `plain` returned as the attachments of a post."""
    for name, data in kept:
        attachment = Attachment.objects.create(
            post=post,
            file_name=files.tidy_name(name, files.kind_of(data)),
            kind=files.kind_of(data),
            size=len(data),
            added_at=now,
        )
        pieces.keep(attachment.pieces, data)


def read(attachment):
    """Return the bytes of a file."""
    return pieces.read(attachment.pieces)
