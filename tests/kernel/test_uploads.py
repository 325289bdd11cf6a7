"""Files that are larger than any form takes are not kept, and are refused with the form's own sentence."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from kernel.uploads import LONGEST


def kept(*sizes):
    """How many bytes are kept of each file of a request that sends files of these sizes."""
    sent = {
        f"file{n}": SimpleUploadedFile(f"{n}.xlsx", b"z" * size) for n, size in enumerate(sizes)
    }
    request = RequestFactory().post("/", sent)
    found = [file.size for file in request.FILES.values()]
    request.close()
    return found


def test_a_file_within_the_limit_is_kept_whole():
    assert kept(5_000_000, 100) == [5_000_000, 100]
    assert kept(LONGEST) == [LONGEST]


def test_no_more_is_kept_of_a_request_than_any_form_takes():
    assert kept(LONGEST * 3) == [LONGEST]
    assert sum(kept(LONGEST - 5, 100, LONGEST)) == LONGEST
