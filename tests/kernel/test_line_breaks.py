"""A line break is one character, as browsers count it, in every form."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from kernel.line_breaks import LineBreaks
from tests import factories
from tests.entrepreneurship.test_transfer_profiles import MINE, form


def page(request):
    return HttpResponse()


@csrf_exempt
def door_of_programs(request):
    return HttpResponse(request.body)


def read(view=page, **sent):
    request = RequestFactory().post("/", **sent)
    LineBreaks(page).process_view(request, view, (), {})
    return request


def test_what_a_browser_sends_is_read_as_it_counted_it():
    request = read(
        data={"words": ["一\r\n二", "三"], "file": SimpleUploadedFile("a.txt", b"1\r\n2")}
    )
    assert (request.POST.getlist("words"), request.POST._mutable) == (["一\n二", "三"], False)
    assert request.FILES["file"].read() == b"1\r\n2"
    request = read(data="words=1%0D%0A2", content_type="application/x-www-form-urlencoded")
    assert dict(request.POST) == {"words": ["1\n2"]}


def test_what_a_program_sends_is_left_as_it_is():
    request = read(data=b'{"words": "1\\r\\n2"}', content_type="application/json")
    assert request.body == b'{"words": "1\\r\\n2"}'
    form = {"data": b"words=1%0D%0A2", "content_type": "application/x-www-form-urlencoded"}
    request = read(door_of_programs, **form)
    assert door_of_programs(request).content == b"words=1%0D%0A2"


@pytest.mark.django_db
def test_a_text_that_just_fits_is_kept_however_many_lines_it_has(client):
    her = factories.talent()
    client.force_login(her.user)
    fits = "字\r\n" * 499 + "字字"  # 1,000 characters as she counts them
    assert client.post(f"{MINE}new/offer/own/", form(problem=fits)).status_code == 302
    kept = her.transfer_profiles.get().versions.get().problem
    assert kept == fits.replace("\r\n", "\n")
    too_long = client.post(f"{MINE}new/offer/own/", form(problem=fits + "字"))
    assert too_long.status_code == 422
