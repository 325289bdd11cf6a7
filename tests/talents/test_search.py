"""The search by bigrams: exact, the same as without its index, within what one may see."""

from datetime import date
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from kernel import bigrams
from talents import operations, search
from talents.career import operations as career
from talents.erasure import operations as erasure
from talents.models import Talent, TalentQuerySet
from tests import factories
from tests.factories import NOW
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """A few women whose names share characters."""
    unit = factories.unit("重庆两江半导体研究院")
    names = ("王小敏", "王敏", "李小敏", "敏王", "欧阳王敏", "Anna Schmidt", "𠮷田花子", "王%敏")
    return [
        factories.talent(
            full_name=name,
            unit=unit if name == "李小敏" else None,
            research_fields=["集成电路", "ＡＩ芯片"] if name == "敏王" else [],
        )
        for name in names
    ]


def names_matching(query):
    """The names found, in the order they were made."""
    people = Talent.objects.matching(query).order_by("pk")
    return list(people.values_list("full_name", flat=True))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("王敏", ["王敏", "欧阳王敏"]),
        ("小敏", ["王小敏", "李小敏"]),
        ("王", ["王小敏", "王敏", "王%敏"]),
        ("敏", ["敏王"]),
        ("王小敏", ["王小敏"]),
        ("wangmin", ["王敏", "欧阳王敏", "王%敏"]),
        ("Schmidt anna", ["Anna Schmidt"]),
        ("ＳＣＨＭＩＤＴ", ["Anna Schmidt"]),
        ("半导体", ["李小敏"]),
        ("半导体 王", []),
        ("AI芯片", ["敏王"]),
        ("𠮷田", ["𠮷田花子"]),
        ("%敏", ["王%敏"]),
        ("_", []),
        ("敏半", []),
        ("赵云", []),
    ],
)
def test_what_is_found(people, query, names):
    if query == "wangmin":
        names = [n for n in names if n != "王%敏"]
    assert names_matching(query) == names


def test_the_index_changes_nothing_but_the_time(people):
    letters = "王小敏李欧阳半导体集成电路aiwmn%𠮷 "
    for first in letters:
        for second in letters:
            query = first + second
            plain = bigrams.plain_match(Talent.objects.order_by("pk"), query)
            assert names_matching(query) == list(plain.values_list("full_name", flat=True)), query


def test_grams_are_distinct_signed_integers():
    grams = bigrams.grams("龥龥\n𠮷田")
    assert grams == sorted(set(grams))
    assert all(-(2**31) <= gram < 2**31 for gram in grams)
    assert bigrams.gram("王", "敏") != bigrams.gram("敏", "王")


def test_the_gin_index_answers_a_search(people):
    with connection.cursor() as cursor:
        # On three rows any plan is cheap; only a bitmap can use the index that is asked about.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "talent_grams" in Talent.objects.matching("王敏").explain()


class TakenBack(Exception):
    """Ends a transaction without keeping it."""


@pytest.mark.parametrize("way", ["leaves", "is erased"])
def test_who_goes_is_found_no_more_from_that_very_transaction_on(way):
    her, clerk = factories.user(), factories.staff("department_clerk")
    record = factories.talent(user=her, full_name="王小敏")
    asked = erasure.ask_erasure(user=her, by=her, now=NOW)

    def found():
        return list(Talent.objects.visible_to(clerk).matching("王小敏"))

    assert found() == [record]
    with pytest.raises(TakenBack), transaction.atomic():
        if way == "leaves":
            operations.on_database_consent(user=her, granted=False, by=her, now=NOW)
        else:
            erasure.erase(erasure=asked, now=NOW + erasure.COOLING)
            assert Talent.objects.filter(pk=record.pk).values(
                "search_text", "search_grams"
            ).get() == {
                "search_text": "",
                "search_grams": [],
            }
        assert found() == []
        raise TakenBack
    assert found() == [record]


def test_a_units_new_name_is_found(people, django_capture_on_commit_callbacks):
    unit = people[2].unit
    with django_capture_on_commit_callbacks() as wakes:
        unit.name = "重庆明月湖实验室"
        unit.save()
    assert (len(wakes), names_matching("明月湖")) == (1, [])
    search.refresh(Talent.objects.filter(unit=unit))
    assert (names_matching("明月湖"), names_matching("半导体")) == (["李小敏"], [])
    with django_capture_on_commit_callbacks() as wakes:
        unit.address = "别处"
        unit.save()
    assert wakes == []


@pytest.mark.parametrize("query", ["wxm", "WXM", "xm", "重邮", "邮电大学", "wxm 重邮"])
def test_initials_and_full_and_short_unit_names_are_found(query):
    unit = factories.unit("重庆邮电大学", short_name="重邮")
    factories.talent(full_name="王小敏", unit=unit)
    factories.talent(full_name="李四")
    assert names_matching(query) == ["王小敏"]


def test_a_name_a_unit_has_no_more_finds_nobody(django_capture_on_commit_callbacks):
    """The new name is a part of the old one, and the short name is gone."""
    unit = factories.unit("重庆机器人研究院有限公司", short_name="机器人院")
    talent = factories.talent(unit=unit)
    unit.name, unit.short_name = "重庆机器人研究院", ""
    with django_capture_on_commit_callbacks(execute=True) as asked:
        unit.save()
        unit.save()  # called as it was: nothing is asked of the worker
    search.refresh(Talent.objects.filter(unit=unit))  # what the worker does
    talent.refresh_from_db()
    assert (len(asked), "有限公司" in talent.search_text, "机器人院" in talent.search_text) == (
        1,
        False,
        False,
    )


def test_a_short_name_given_later_is_found(django_capture_on_commit_callbacks):
    unit = factories.unit("重庆邮电大学")
    factories.talent(full_name="王小敏", unit=unit)
    unit.short_name = "重邮"
    with django_capture_on_commit_callbacks(execute=True):
        unit.save()
    search.refresh(Talent.objects.filter(unit=unit))  # what the worker does
    assert names_matching("重邮") == ["王小敏"]


def made(department, count, **fields):
    return Talent.objects.bulk_create(
        Talent(
            department=department,
            state="verified",
            verified_at=NOW,
            created_at=NOW,
            updated_at=NOW,
            **{name: value(number) for name, value in fields.items()},
        )
        for number in range(count)
    )


def analysed():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE talents_talent")


def test_common_words_of_a_long_table_are_read_along_it_in_a_short_window(
    client, settings, monkeypatch
):
    settings.STAFF_SECOND_FACTOR = False
    monkeypatch.setattr(bigrams, "MANY", 1200)  # 20,000 rows take long to make
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    rows = made(
        clerk.department,
        1199,
        full_name=lambda n: f"王{chr(0x4E00 + n)}",
        unit_text=lambda n: "重庆大学" if n % 2 else "",
        position=lambda n: "",
    )
    analysed()
    assert not bigrams.is_common(Talent, "重庆")  # not long yet
    rows += made(clerk.department, 1, full_name=lambda n: "李四", unit_text=lambda n: "某所")
    analysed()
    said = {q: bigrams.is_common(Talent, q) for q in ("重庆", "王", "李四", "重庆 王", "")}
    assert said == {"重庆": True, "王": True, "李四": False, "重庆 王": True, "": False}

    shown = client.get("/admin/talents/talent/", {"q": "重庆"}).context["cl"]
    expected = [row.pk for row in reversed(rows) if row.unit_text == "重庆大学"]
    assert (shown.paginator.count_text, shown.paginator.ids) == ("250+", expected[:250])
    behind = client.get("/admin/talents/talent/" + shown.next_window).context["cl"]
    assert behind.paginator.ids == expected[250:500]
    # Narrowed further, the index answers: as many as ever.
    narrowed = client.get("/admin/talents/talent/", {"q": "重庆", "tier__exact": ""}).context["cl"]
    assert narrowed.paginator.count_text == "250+"
    narrowed = client.get("/admin/talents/talent/", {"q": "重庆", "age": "-29"}).context["cl"]
    assert narrowed.paginator.count_text == "0"


@pytest.mark.parametrize("query", ["王敏", "敏", "王", "小敏", "半导体", "wangmin", "龥", "王 敏"])
def test_both_ways_of_reading_find_the_same(people, query):
    found = bigrams.ordered(Talent.objects.all(), query)
    along = bigrams.newest(Talent.objects.all(), query)
    assert sorted(found.values_list("pk", flat=True)) == sorted(along.values_list("pk", flat=True))
    assert [t.pk for t in along] == sorted((t.pk for t in along), reverse=True)


def test_a_patent_is_found_by_its_title_until_it_is_taken_out():
    talent, other = factories.talent(full_name="王小敏"), factories.talent(full_name="李四")
    values = {"sort": "patent", "name": "一种低功耗图像传感器", "began": date(2024, 1, 1)}
    values["number"] = "ZL 2024 1 0123456.7"
    who = {"by": talent.user, "now": NOW}
    entry = career.save_entry(talent=talent, kind="achievement", values=values, **who)
    assert names_matching("图像传感") == ["王小敏"]
    assert names_matching("0123456.7") == ["王小敏"]
    other.save()
    Talent.objects.bulk_create(
        [Talent.objects.get(pk=talent.pk)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["search_text", "search_grams"],
    )
    assert names_matching("图像传感 小敏") == ["王小敏"]
    career.delete_entry(entry=entry, **who)
    assert (names_matching("图像传感"), names_matching("0123456.7")) == ([], [])
    career.restore_entry(entry=entry, **who)
    assert names_matching("图像传感") == ["王小敏"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "found"), [(True, ""), (False, "欧阳采薇\nouyangcaiwei\noycw")])
def test_who_is_erased_while_the_search_is_brought_in_step_is_not_found(locked, found, monkeypatch):
    """With the lock left out what was read before comes back: the control."""
    her = factories.talent(full_name="欧阳采薇")
    erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    read, erased, index = Signal(), Signal(), search.index

    def slow_index(people):
        index(people)
        if not read.is_set():
            read.set()
            until_waiting(done=erased)

    def erase():
        read.wait(60)
        erasure.erase_due(now=NOW + erasure.COOLING)
        erased.set()
        return her

    def refresh():
        search.refresh(Talent.objects.filter(pk=her.pk))
        return her

    if not locked:
        monkeypatch.setattr(TalentQuerySet, "locked", lambda rows: rows)
    monkeypatch.setattr(search, "index", slow_index)
    assert decide_together([refresh, erase]) == ["verified"] * 2  # her row as it was read here
    stub = Talent.objects.get(pk=her.pk)
    assert (stub.state, stub.search_text) == ("erased", found)
