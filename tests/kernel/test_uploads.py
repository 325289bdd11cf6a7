"""Files that are larger than any form takes are not kept, and are refused with the form's own sentence."""

from io import BytesIO

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kernel.uploads import LONGEST, WithLength


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


# --- in chunks --------------------------------------------------------------------------------

FIELDS = "application/x-www-form-urlencoded"


def in_chunks(body, content_type, **environ):
    """The request a body without a length becomes, from a server that ends it by itself."""
    environ = {"wsgi.input_terminated": True} | environ
    given = RequestFactory().generic("POST", "/", body, content_type, **environ).environ
    given |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(body)}
    del given["CONTENT_LENGTH"]
    application = WithLength(lambda environ, start_response: WSGIRequest(environ))
    return application(given, None)


def form(size, **fields):
    """A form with a file of so many bytes before its fields, as it is sent."""
    file = SimpleUploadedFile("list.xlsx", b"z" * size)
    return encode_multipart(BOUNDARY, {"file": file} | fields)


@pytest.mark.parametrize("size", [10, 5_000_000, LONGEST * 3])
def test_a_form_in_chunks_is_read_as_one_with_a_length(size):
    request = in_chunks(form(size, name="王小敏"), MULTIPART_CONTENT)
    assert request.POST.dict() == {"name": "王小敏"}
    assert request.FILES["file"].size == min(size, LONGEST)
    request.close()


def test_a_file_in_chunks_that_breaks_off_is_none():
    request = in_chunks(form(5_000_000)[:1_000_000], MULTIPART_CONTENT)
    assert (request.POST.dict(), request.FILES.dict()) == ({}, {})


def test_fields_in_chunks_are_read_and_too_many_refused():
    assert in_chunks(b"name=a&b=%20", FIELDS).POST.dict() == {"name": "a", "b": " "}
    with pytest.raises(RequestDataTooBig):
        in_chunks(b"name=" + b"z" * (2 << 20), FIELDS).POST.dict()


def test_a_body_whose_end_the_server_does_not_tell_is_left_alone():
    request = in_chunks(b"name=a", FIELDS, **{"wsgi.input_terminated": False})
    assert request.POST.dict() == {}
