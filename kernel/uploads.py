"""Of what is sent as files no more is kept than any form takes: no disk fills with what will be refused."""

from django.core.files.uploadhandler import FileUploadHandler

# Above the limit of every form with a file: the form still sees that its own is passed, and says so.
LONGEST = 12 * 1024 * 1024


class Shortened(FileUploadHandler):
    """Hands on the first LONGEST bytes of a request's files to the handlers behind it and drops the rest.

    Refusing at once would look like a broken connection to a browser that is still sending: it reads no
    answer before its form is through.
    """

    left = LONGEST

    def receive_data_chunk(self, raw_data, start):
        """Return the part of a chunk that is kept, None for nothing."""
        kept = raw_data[: self.left]
        self.left -= len(kept)
        return kept or None

    def file_complete(self, file_size):
        """Leave the file to the handlers behind."""
        return
