"""A photo at the desk while another is being read: a sentence, not a fault."""

import fcntl
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel import qr
from tests import factories
from tests.care_points import make


@pytest.mark.django_db
def test_a_photo_that_has_to_wait_too_long_is_refused_in_words(client, settings, monkeypatch):
    monkeypatch.setattr(qr, "WAIT", 0.1)
    operator = factories.user("吴站长")
    make.station(operator)
    client.force_login(operator)
    with Path(settings.VAR_DIR, "photo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = client.post("/points/station/check/", {"photo": SimpleUploadedFile("p.png", b"x")})
    assert answer.status_code == 422
    assert "正在识别其他照片" in answer.content.decode()
