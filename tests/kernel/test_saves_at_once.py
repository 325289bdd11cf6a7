"""Two who save the same form at the same moment: the second is told what the first has saved."""

from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Unit
from kernel.admin.forms import OperationForm
from tests import factories
from tests.kernel.test_admin_kit import opened
from tests.waits import until_waiting


def entered():
    """Return the browser of a clerk."""
    client = Client()
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def saved_at_once(unit, bodies):
    """Post each body in a browser of its own, all of them held until each waits for the unit's row.

    Returns the status codes: 302 for what was saved, 200 for a form that came back.
    """
    where, codes = reverse("admin:accounts_unit_change", args=[unit.pk]), []

    def save(client, body):
        try:
            codes.append(client.post(where, body).status_code)
        finally:
            connection.close()

    threads = [Thread(target=save, args=pair) for pair in bodies]
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        for thread in threads:
            thread.start()
        until_waiting(len(threads))
    for thread in threads:
        thread.join()
    return sorted(codes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "codes"), [(True, [200, 302]), (False, [302, 302])])
def test_of_two_who_change_one_field_at_once_the_second_is_told(
    locked, codes, settings, monkeypatch
):
    """The control compares before the lock, as the row was when it was read."""
    settings.STAFF_SECOND_FACTOR = False
    if not locked:
        monkeypatch.setattr(OperationForm, "_locked", staticmethod(lambda instance: instance))
    unit = factories.unit("重庆示例有限公司", kind="enterprise")
    where = reverse("admin:accounts_unit_change", args=[unit.pk])
    clients = [entered(), entered()]
    kinds = ["school", "hospital"]
    bodies = [
        (client, opened(client, where) | {"kind": kind})
        for client, kind in zip(clients, kinds, strict=True)
    ]
    assert saved_at_once(unit, bodies) == codes
