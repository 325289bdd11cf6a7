"""`make deadline` in small: none lost, none late, each file whole; and that its counting finds what it looks for."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, connections

from calls.models import AttachmentPiece, Call
from tools.deadline import rush

pytestmark = pytest.mark.django_db(transaction=True)


def done(step, **arguments):
    """Do a step in a process of its own, as the command does: one that served pages to a browser is no parent for sixteen."""
    database = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    process = subprocess.run(
        [sys.executable, "-m", "tools.deadline.rush", json.dumps({"step": step} | arguments)],
        env=os.environ | {"DATABASE_URL": database},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_forty_hand_in_until_the_deadline_and_some_behind_it():
    rush.make(40)
    found = done("night", seconds=5, late=4, size=5000, processes=4)
    assert (found["asked"], set(found["answers"]) <= {"done", "call_closed (409)"}) == (40, True)
    assert found["answers"]["call_closed (409)"] >= 4
    assert found["in"] == found["answers"]["done"] > 0
    wrong = ("lost", "untold", "late", "saved_late", "files_not_whole")
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert found["gapless"] is True


def test_a_control_numbers_that_nobody_holds_and_a_file_that_was_cut_are_found():
    rush.make(4, title=rush.CONTROL)
    found = done("control", processes=4)
    assert found["answers"] == {"done": 1, "refused by application_number_once": 3}
    call = Call.objects.get(title=rush.CONTROL)
    (one,) = call.applications.filter(number__isnull=False)
    said = [{"pk": one.pk, "answer": "done", "digest": rush.digest(rush.paper(one.pk, 1000))}]
    assert rush.kept(call, said)["files_not_whole"] == 0
    AttachmentPiece.objects.filter(attachment__application=one).delete()
    assert rush.kept(call, said)["files_not_whole"] == 1
    connections.close_all()
