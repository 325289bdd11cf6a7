"""A partner unit's page of people is read from an index, however many there are."""

import pytest
from django.db import connection

from talents.models import SharedRecord
from tests import factories


@pytest.mark.django_db
def test_a_units_people_are_paged_by_code_from_one_index():
    unit = factories.unit()
    with connection.cursor() as cursor:
        for other_way in ("seqscan", "bitmapscan", "sort"):  # the table is too small to need one
            cursor.execute(f"SET LOCAL enable_{other_way} = off")
    plan = SharedRecord.objects.readable_by(unit.pk).order_by("code")[:50].explain()
    assert "shared_once" in plan
