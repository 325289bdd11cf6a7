"""Dates, moments and lists are said in the reader's language."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from kernel.words import clauses, day_text, labelled, length_text, listed, moment_text


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


def test_no_line_ends_inside_a_day_or_its_hours_on_a_page():
    begin = datetime(2026, 3, 8, 6, tzinfo=UTC)
    context = {"at": begin, "end": begin + timedelta(hours=2), "far": begin + timedelta(days=1)}

    def shown(tags):
        return Template("{% load portal %}" + tags).render(Context(context))

    def whole(text):
        return f'<span class="whitespace-nowrap">{text}</span>'

    day, at = "2026年3月8日 (周日)", f"{whole('2026年3月8日 (周日)')} 14:00"
    assert [shown("{{ at|cn_date }}"), shown("{{ at|cn_datetime }}")] == [whole(day), at]
    assert shown("{% cn_span at end %}") == f"{whole(day)} {whole('14:00–16:00')}"
    assert shown("{% cn_span at end day=False %}") == f"{whole('周日')} {whole('14:00–16:00')}"
    assert shown("{% cn_span at far %}") == f"{at}&nbsp;– {whole('2026年3月9日 (周一)')} 14:00"
    inside = "{% blocktranslate with until=at|cn_date %}{{ until }}截止{% endblocktranslate %}"
    assert shown(f"{{% load i18n %}}{inside}") == f"{whole(day)}截止"
    assert shown("{% labelled '日期' at|cn_date %}") == f"日期：{whole(day)}"
    assert shown("{{ none|cn_date }}{{ none|cn_datetime }}") == ""


def test_nothing_listed_is_empty():
    assert listed([]) == ""


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (timedelta(seconds=3), "1 分钟", "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 分钟", "59 minutes"),
        (timedelta(hours=1), "1 小时", "1 hour"),
        (timedelta(hours=23, minutes=59), "23 小时", "23 hours"),
        (timedelta(days=3, hours=6), "3 天", "3 days"),
        (timedelta(days=45), "45 天", "45 days"),
    ],
)
def test_a_length_of_time_is_said_in_one_unit(length, chinese, english):
    assert length_text(length) == chinese
    with translation.override("en"):
        assert length_text(length) == english


def test_labels_and_clauses_have_the_marks_of_the_language():
    assert (labelled("状态", "待审核"), clauses(["甲", "乙"])) == ("状态：待审核", "甲；乙")
    with translation.override("en"):
        assert labelled("Status", "To be verified") == "Status: To be verified"
        assert clauses(["A", "B"]) == "A; B"
