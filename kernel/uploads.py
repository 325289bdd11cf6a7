"""Of what is sent as files no more is kept than any form takes: no disk fills with what will be refused."""

from io import BytesIO

from django.conf import settings
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


class WithLength:
    """Gives a body that is sent in chunks a length: without one Django takes it for empty. Wraps the application.

    Browsers say beforehand how long a form is, programs and some proxies do not. A form with files tells its end
    itself, so any length above it will do, and it is read no further than with one. Anything else is counted, as
    much of it as the settings let in.
    """

    ANY = str(1 << 40)

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """Pass on, with the length where the server ends a body of unknown length by itself."""
        is_chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if is_chunked and environ.get("wsgi.input_terminated"):
            environ = environ | self._length(environ)
        return self.application(environ, start_response)

    def _length(self, environ):
        if environ.get("CONTENT_TYPE", "").startswith("multipart/"):
            return {"CONTENT_LENGTH": self.ANY}
        body, most = b"", settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
        while len(body) < most and (piece := environ["wsgi.input"].read(most - len(body))):
            body += piece
        return {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
