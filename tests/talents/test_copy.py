"""Her copy tells all that is held about her in the record."""

import pytest

from privacy import copies
from talents import operations, personal_data
from talents.models import Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_each_column_is_in_the_copy_or_says_nothing_of_her():
    told = {name for name in personal_data.RECORD if isinstance(name, str)}
    columns = {field.name for field in Talent._meta.concrete_fields}
    assert columns - told == personal_data.TECHNICAL


def test_it_says_who_said_what_and_what_staff_wrote_down():
    her = factories.talent(position="研究员")
    correct = {"changes": {"position": "主任"}, "reason": "按任命文件更正"}
    operations.correct(talent=her, by=None, now=NOW, **correct)
    operations.pause(talent=her, until=None, reason="本人住院，来电说明", by=None, now=NOW)
    group = personal_data.collect(her.user)[0]
    words = {
        cell["field"]: cell["words"]["zh-hans"]
        for cell in (copies._cell(row, field) for row in group.rows for field in group.fields)
    }
    assert words["sources_text"] == "职务：工作人员填写，2026年11月确认"
    assert words["pause_reason"] == "本人住院，来电说明"
