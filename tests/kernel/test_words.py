"""Dates, moments and lists are said in the reader's language."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from kernel.words import day_text, listed, moment_text


@pytest.mark.parametrize(
    ("language", "day", "moment", "items"),
    [
        ("zh-hans", "2026年3月8日 (周日)", "2026年3月8日 (周日) 00:30", "姓名、单位"),
        ("en", "Sun 8 March 2026", "Sun 8 March 2026, 00:30", "姓名, 单位"),
    ],
)
def test_the_same_day_moment_and_list_in_each_language(language, day, moment, items):
    with translation.override(language):
        assert day_text(date(2026, 3, 8)) == day
        assert moment_text(datetime(2026, 3, 7, 16, 30, tzinfo=UTC)) == moment
        assert listed(["姓名", "单位"]) == items
        shown = Template("{% load portal %}{{ items|listed }}").render(
            Context({"items": ["姓名", "单位"]})
        )
        assert shown == items


def test_nothing_listed_is_empty():
    assert listed([]) == ""
