"""Her growth: every app tells its milestones, the newest year first, to her alone."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from care_points.models import ServiceHours
from privacy import copies
from talents.career import operations as career
from talents.career.models import CareerEntry
from talents.growth.timeline import by_year, milestones
from talents.models import Endorsement
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PAGE = reverse("growth")


def told(talent):
    """Return the lines as they are read."""
    return [(one.when, str(one.kind), str(one.title), str(one.note)) for one in milestones(talent)]


def entry(talent, kind, **values):
    """Keep an entry of her career, as she does."""
    return career.save_entry(talent=talent, kind=kind, values=values, by=talent.user, now=NOW)


def with_everything():
    """Return a woman of whom every app knows something."""
    her = factories.talent(
        unit=factories.unit("两江机器人公司"),
        unit_since=date(2024, 5, 1),
        position="总工程师",
        professional_title="正高级工程师",
        title_level="senior",
        title_since=date(2023, 1, 1),
    )
    entry(her, "education", organisation="重庆大学", sort="14", ended=date(2012, 6, 1))
    entry(her, "achievement", sort="patent", name="一种夹爪", began=date(2022, 1, 1))
    entry(her, "language", name="英语", sort="fluent")
    Endorsement.objects.create(talent=her, unit=her.unit, at=NOW)
    her.tier = "city"
    her.updated_at = NOW
    her.save()
    came = factories.booking(factories.event(title="机器人沙龙"), her)
    type(came).objects.filter(pk=came.pk).update(state="attended", checked_in_at=NOW)
    make.give(her, 30, now=NOW)
    return her


def test_every_app_tells_its_milestones_the_newest_first():
    assert told(with_everything()) == [
        ("2026年", "爱心积分", "这一年获得 30 积分", ""),
        ("2026年11月26日 (周四)", "参加活动", "机器人沙龙", "两江人才大厦"),
        ("2026年11月23日 (周一)", "单位推荐", "两江机器人公司", ""),
        ("2026年11月23日 (周一)", "人才库", "进入女性科技人才库", ""),
        ("2026年11月23日 (周一)", "人才层次", "市级", ""),
        ("2024年5月", "到岗", "两江机器人公司", "总工程师"),
        ("2023年", "取得职称", "正高级工程师", "正高级"),
        ("2022年", "专利", "一种夹爪", ""),
        ("2012年6月", "毕业", "重庆大学", "硕士研究生"),
    ]


def test_it_reads_english_to_who_reads_english():
    with translation.override("en"):
        lines = told(with_everything())
    assert lines[0] == ("2026", "Care points", "Earned 30 points in the year", "")
    assert lines[-1][:3] == ("June 2012", "Graduated", "重庆大学")


def test_what_was_deleted_has_no_date_or_is_sensitive_is_not_told():
    her = factories.talent(state="draft")
    gone = entry(her, "achievement", sort="award", name="旧奖项", began=date(2020, 1, 1))
    CareerEntry.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    entry(her, "post", organisation="某学会", name="理事")
    came = factories.booking(factories.event(title="心理讲座", sensitive_topic=True))
    type(came).objects.filter(pk=came.pk).update(talent=her, state="attended", checked_in_at=NOW)
    missed = factories.booking(factories.event(title="没去成的沙龙"))
    type(missed).objects.filter(pk=missed.pk).update(talent=her)
    ServiceHours.objects.create(
        talent=her,
        activity="社区科普",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=2),
        half_hours=4,
        recorded_by=factories.staff("points_clerk"),
        recorded_at=NOW,
    )
    assert told(her) == []


def test_the_page_is_hers_alone(client):
    her, other = with_everything(), factories.talent(full_name="李别人")
    client.force_login(other.user)
    page = client.get(PAGE).content.decode()
    assert "李别人" in page
    assert "一种夹爪" not in page
    client.force_login(her.user)
    answer = client.get(PAGE)
    page = answer.content.decode()
    for said in ("一种夹爪", "机器人沙龙", "这一年获得 30 积分", 'class="honour"'):
        assert said in page
    assert [year for year, _lines in by_year(her)] == [2026, 2024, 2023, 2022, 2012]
    assert "no-store" in answer["Cache-Control"]


def test_where_nothing_is_known_she_is_told_what_comes_first(client):
    her = factories.talent(state="draft")
    client.force_login(her.user)
    page = client.get(PAGE).content.decode()
    assert "这里会留下您的每一步" in page
    assert reverse("career") in page


def test_who_has_no_record_is_led_to_where_one_begins(client):
    client.force_login(factories.user())
    assert client.get(PAGE)["Location"] == reverse("profile")
    client.logout()
    assert reverse("account_login") in client.get(PAGE)["Location"]


def test_her_copy_tells_it_in_both_languages():
    her = with_everything()
    with zipfile.ZipFile(io.BytesIO(copies.archive(her.user, timezone.now()))) as archive:
        content = json.loads(archive.read("data.json"))
    part = next(p for p in content["parts"] if p["title"]["zh-hans"] == "人才档案")
    group = next(g for g in part["groups"] if g["title"]["zh-hans"] == "成长轨迹")
    first = {cell["field"]: cell["words"] for cell in group["rows"][0]}
    assert first["when"] == {"zh-hans": "2026年", "en": "2026"}
    assert first["title"] == {"zh-hans": "这一年获得 30 积分", "en": "Earned 30 points in the year"}
    assert len(group["rows"]) == 9


def test_it_costs_the_same_with_one_and_with_many(client, django_assert_num_queries):
    her = with_everything()
    client.force_login(her.user)
    client.get(PAGE)
    # who reads, her record in full, its unit, career, endorsements, snapshots, events, talks, calls, honours, consultations,
    # suggestions, posts, hours, points
    with django_assert_num_queries(15):
        client.get(PAGE)
    for year in range(2000, 2010):
        entry(her, "achievement", sort="paper", name=f"论文 {year}", began=date(year, 1, 1))
    came = factories.booking(factories.event(starts_at=NOW + timedelta(days=9)), her)
    type(came).objects.filter(pk=came.pk).update(state="attended", checked_in_at=NOW)
    with django_assert_num_queries(15):
        client.get(PAGE)
