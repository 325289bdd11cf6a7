"""Private services in what leaves the portal: no export, report, calendar, copy or answer to a partner links her with one.

The world of the walk has a woman with a private case. Every address that may hand a file out is asked for, every action of
the admin that exports is carried out over all rows, and what comes is unpacked and looked through.
"""

import io
import re

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from care_points.models import Provider, Service
from privacy import copies
from talents.exports.operations import export_list
from talents.models import Talent
from tests import everything, factories
from tests.api.conftest import make_partner
from tests.walk import routes
from tests.walk.world import NAME, PHONE, World

pytestmark = pytest.mark.django_db
SERVICE, COUNSELLOR, GARDENER = "离婚陪伴咨询", "苏咨询师", "范园艺师"
PRINTED = {"points_statement", "my_calendar", "door_sheet", "care_points_transfer_report"}
POSTED = {"events_event_attendance"}
# What has to be among the files, or nothing was looked at.
EXPORTS = {
    "care_points.appointment",
    "care_points.carestation",
    "care_points.provider",
    "care_points.servicehours",
    "places.place",
}
STAFF_FILES = {
    "events_event_attendance",
    "door_sheet",
    "calls_call_export",
    "calls_review_export",
    "honours_award_export",
    "care_points_service_report_file",
    "care_points_transfer_report_file",
    "reports_monthlyreport_file",
    "her_calendar",
}
HER_FILES = {
    "her_calendar",
    "my_calendar",
    "points_statement",
    "points_statement_file",
    "voucher_calendar",
}
# What an address is called that hands out a file, a feed or an answer to a machine.
FILES = re.compile(
    r"xlsx|ics|pdf|docx|csv|json|file|export|attendance|calendar|feed|cop(y|ies)|statement|report|print|sheet|api/v1"
)


@pytest.fixture
def world(settings):
    settings.STAFF_SECOND_FACTOR = settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()
    made = World()
    Service.objects.filter(pk=made.case.service_id).update(title=SERVICE)
    Provider.objects.filter(pk=made.case.provider_id).update(name=COUNSELLOR)
    Provider.objects.filter(pk=made.provider.pk).update(name=GARDENER)
    return made


def keys(world):
    return {NAME, PHONE, world.talent.masked_name, world.talent.code, world.private_voucher.code}


def told(world):
    return {SERVICE, COUNSELLOR, world.case.number}


def text_of(answer):
    """Return what an answer says: a workbook or an archive unpacked, a PDF read."""
    data = answer if isinstance(answer, bytes) else answer.getvalue()
    if data[:2] == b"PK":
        return everything._unpacked(data)
    if data[:4] == b"%PDF" and b"%%EOF" in data:  # the world's material only begins like one
        pages = PdfReader(io.BytesIO(data)).pages
        return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    return data.decode(errors="replace")


def files_of(world, user):
    """Return {key: text} of every address with a file that opens for `user`."""
    client, found = Client(), {}
    client.force_login(user)
    for key, route in routes.routes().items():
        if FILES.search(f"{key} {route}"):
            ask = client.post if key in POSTED else client.get
            answer = ask(routes.address(route, world))
            page = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and (key in PRINTED or not page):
                found[key] = text_of(answer)
    return found


def reports_of(world, user):
    """Return {address: text} of the report on an event: the page and each of its files."""
    client, found = Client(), {}
    client.force_login(user)
    about = f"event={world.event.pk}"
    found["event report"] = text_of(client.get(f"/admin/events/event/report/?{about}"))
    for kind in ("xlsx", "docx"):
        answer = client.post(f"/admin/events/event/report/file.{kind}?{about}")
        assert "attachment" in answer.headers["Content-Disposition"], kind
        found[f"event report {kind}"] = text_of(answer)
    return found


def cvs_of(user):
    """Return {kind: text} of her CV with all that it can hold."""
    client, found = Client(), {}
    client.force_login(user)
    address = reverse("cv")
    form = client.get(address).context["form"]
    parts = [key for key, _words in form.fields["parts"].choices]
    for kind, _words in form.fields["kind"].choices:
        sent = {"parts": parts, "kind": kind, "language": "zh-hans"}
        found[f"cv {kind}"] = text_of(client.post(address, sent))
    return found


def exports_of(user):
    """Return {model: text} of every action of the admin that exports, over all rows there are."""
    client, found = Client(), {}
    client.force_login(user)
    request = RequestFactory().get("/")
    request.user = user
    for model, model_admin in admin.site._registry.items():
        for name, (_call, _name, words) in model_admin.get_actions(request).items():
            if "导出" in str(words):
                rows = model._base_manager.values_list("pk", flat=True)
                sent = {"action": name, "_selected_action": list(rows)}
                address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
                answer = client.post(address, sent)
                assert "attachment" in answer.headers["Content-Disposition"], (address, name)
                found[model._meta.label_lower] = text_of(answer)
    return found


def linking(found, hers, words):
    """Return the keys of the texts that say one of hers and one of the words."""
    return {
        key
        for key, text in found.items()
        if any(one in text for one in hers) and any(word in text for word in words)
    }


def for_staff(world):
    """Neither an export nor a file of any address links her with it, for a superuser who may fetch all."""
    boss = factories.user("超级", is_staff=True, is_superuser=True)
    exports, files = exports_of(boss), files_of(world, boss)
    assert exports.keys() >= EXPORTS, EXPORTS - exports.keys()
    rows = Talent.objects.order_by("pk")
    asked = {"rows": rows, "by": boss, "now": timezone.now(), "reason": "报送年度统计"}
    exports["talents"] = text_of(export_list(full=True, **asked))
    assert world.talent.code in exports["talents"]
    assert files.keys() >= STAFF_FILES, STAFF_FILES - files.keys()
    files |= reports_of(world, boss)
    assert all(world.event.title in files[name] for name in files if "event report" in name)
    assert linking(exports | files, keys(world), told(world)) == set()
    assert "care_points.appointment" in linking(exports, keys(world), {GARDENER})  # the control


def for_her(world):
    """What she takes away says nothing of it, her statement, calendars and copy: she prints and forwards them."""
    files = files_of(world, world.talent.user)
    assert files.keys() >= HER_FILES, HER_FILES - files.keys()
    files |= cvs_of(world.talent.user)
    assert all(NAME in files[name] for name in files if name.startswith("cv"))
    files["copy"] = text_of(copies.archive(world.talent.user, timezone.now()))
    assert world.private_voucher.code in files["copy"]
    assert linking(files, [""], told(world)) == set()


def for_the_counsellor(world):
    """The copy of the counsellor does not say whose the cases are."""
    user = factories.user(COUNSELLOR)
    Provider.objects.filter(pk=world.case.provider_id).update(user=user)
    copy = text_of(copies.archive(user, timezone.now()))
    assert COUNSELLOR in copy
    assert linking({"copy": copy}, keys(world), [""]) == set()


def for_her_unit(world):
    """No answer of the API to her own unit, with every right a key can have, says anything of it."""
    partner, found = make_partner(unit=world.talent.unit), {}
    for key, route in routes.routes().items():
        if key.startswith("api_"):
            answer = partner.get(routes.address(route, world).removeprefix("/api/v1"))
            found[key] = text_of(answer)
    assert world.event.code in found["api_events"]
    assert linking(found, [""], told(world)) == set()


def test_nothing_that_leaves_the_portal_links_her_with_it(world):
    """One world for all: making it costs more than asking."""
    for ask in (for_staff, for_her, for_the_counsellor, for_her_unit):
        ask(world)
