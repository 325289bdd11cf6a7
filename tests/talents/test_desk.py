"""The clerk's desk: a record as a dossier, corrected at any time, many at once, the next of the queue, exported."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from talents import checks, operations
from talents.exports import operations as exports
from talents.exports import sheet
from talents.models import Talent
from tests import factories
from tests.factories import NOW
from tests.talents.imports import workbooks

pytestmark = pytest.mark.django_db
LIST = reverse("admin:talents_talent_changelist")
WHY = "本人来电并出示聘书"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles, **fields):
    person = factories.staff(*roles, **fields)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def waiting(name="王小敏", days=0, **fields):
    at = NOW - timedelta(days=days)
    return factories.talent(full_name=name, state="submitted", submitted_at=at, **fields)


def page(name, talent, **query):
    address = reverse(f"admin:talents_talent_{name}", args=[talent.pk])
    return f"{address}?{urlencode(query)}" if query else address


def shown_messages(answer):
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


# --- correcting -----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["submitted", "verified", "returned"])
def test_a_clerk_corrects_a_record_in_any_state_with_reason_and_history(state):
    clerk = factories.staff("department_clerk")
    more = {"return_reason": "请补充"} if state == "returned" else {}
    talent = factories.talent(state=state, tier="district", phone="14000008387", **more)
    unit = factories.unit("重庆示例大学")
    changes = {"unit": unit, "unit_text": "", "phone": "14000009999", "tier": "city"}
    operations.correct(talent=talent, changes=changes, reason=WHY, by=clerk, now=NOW)
    talent.refresh_from_db()
    assert (talent.state, talent.unit, talent.phone, talent.tier) == (
        state,
        unit,
        "14000009999",
        "city",
    )
    entry = AuditEntry.objects.get(action="talents.correct")
    assert (entry.actor_id, entry.reason) == (clerk.pk, WHY)
    assert entry.detail == {"tier": ["district", "city"], "fields": ["unit", "phone"]}
    notice = Notice.objects.get(kind="talents.corrected")
    assert notice.recipient == talent.user
    assert notice.context["fields"]["zh-hans"] == "单位、手机号、人才层次"


def test_the_history_says_what_became_of_a_tier(client):
    clerk = enter(client, "department_clerk")
    talent = factories.talent(tier="district")
    operations.correct(talent=talent, changes={"tier": ""}, reason=WHY, by=clerk, now=NOW)
    lines = client.get(page("change", talent)).context["lines"]
    assert [line.sentence for line in lines] == [
        f"李干事 更正档案 · 人才层次：区级 → （空） · 理由：{WHY}"
    ]


def test_correcting_what_is_right_changes_and_tells_nothing():
    clerk = factories.staff("department_clerk")
    talent = factories.talent(position="研究员")
    changes = {"position": "研究员", "unit": None, "unit_text": "", "email": ""}
    operations.correct(talent=talent, changes=changes, reason=WHY, by=clerk, now=NOW)
    assert AuditEntry.objects.count() == Notice.objects.count() == 0


def test_what_cannot_be_corrected():
    clerk = factories.staff("department_clerk")
    factories.talent(id_number=workbooks.identity())
    talent, own = factories.talent(), factories.talent(user=clerk)
    draft = factories.talent(state="draft")
    factories.consent(talent.user, "identity_number")

    def correct(talent=talent, reason=WHY, **changes):
        operations.correct(talent=talent, changes=changes, reason=reason, by=clerk, now=NOW)

    for error, code, call in (
        (Invalid, "reason_missing", lambda: correct(reason="改", tier="city")),
        (Invalid, "unknown_tier", lambda: correct(tier="galactic")),
        (Conflict, "id_number_known", lambda: correct(id_number=workbooks.identity())),
        (Refused, "own_record", lambda: correct(own, tier="city")),
        (Refused, "not_in_scope", lambda: correct(draft, tier="city")),
        (ValueError, None, lambda: correct(state="verified")),
    ):
        with pytest.raises(error) as refused:
            call()
        assert getattr(refused.value, "code", None) == code
    assert AuditEntry.objects.count() == 0


def test_the_page_of_a_correction_sends_no_number_out_and_keeps_what_is_left_empty(client):
    enter(client, "department_clerk")
    talent = factories.talent(phone="14000008387", professional_title="工程师")
    unit = factories.unit("重庆示例大学")
    address = page("correct", talent)
    html = client.get(address).content.decode()
    assert "14000008387" not in html
    assert "现为 140****8387，不改请留空。" in html
    start = client.get(address).context["form"].initial
    sent = {name: value or "" for name, value in start.items()}
    sent |= {"unit_name": "重庆示例大学", "professional_title": "高级工程师", "title_level": ""}
    wrong = client.post(address, sent | {"phone": "123", "reason": WHY})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["phone"])
    assert client.post(address, sent | {"reason": WHY}).url == page("change", talent)
    talent.refresh_from_db()
    assert (talent.unit, talent.phone) == (unit, "14000008387")
    assert (talent.professional_title, talent.title_level) == ("高级工程师", "associate_senior")
    assert talent.birth_month.isoformat() == "1990-03-01"


# --- the dossier ----------------------------------------------------------------------------------
def texts(talent, reader, weight):
    return [check.text for check in checks.about(talent, reader) if check.weight == weight]


def test_what_speaks_for_and_against_a_record():
    clerk = factories.staff("department_clerk")
    talent = waiting(
        id_number=workbooks.identity(),
        unit_text="未知研究所",
        professional_title="高级工程师",
        title_level="primary",
    )
    twin = factories.talent(full_name="王小敏")
    factories.consent(talent.user, "talent_database", granted=False)
    against = texts(talent, clerk, checks.AGAINST)
    assert "没有填写学历。" in against
    assert "本人没有同意存入人才数据库，或已撤回。" in against
    look = texts(talent, clerk, checks.LOOK)
    assert "单位“未知研究所”未收录，请核对全称。" in look
    assert "“高级工程师”通常是副高级，档案里选的是初级。" in look
    assert any(text.startswith("可能重复：王小敏") for text in look)
    links = [check.link for check in checks.about(talent, clerk) if "可能重复" in check.text]
    assert links == [reverse("admin:talents_talent_merge", args=[talent.pk, twin.pk])]
    factories.consent(talent.user, "talent_database")
    assert "本人同意存入人才数据库。" in texts(talent, clerk, checks.FOR)


def test_a_number_that_contradicts_the_month_is_said():
    number = workbooks.identity()
    clerk = factories.staff("department_clerk")
    month = f"{number[6:10]}-{number[10:12]}"
    right = waiting(id_number=number, birth_month=f"{month}-01")
    right.refresh_from_db()
    assert "身份证号校验无误，出生年月相符，性别为女。" in texts(right, clerk, checks.FOR)
    right.birth_month = right.birth_month.replace(year=1971)
    assert any("不一致" in text for text in texts(right, clerk, checks.AGAINST))
    right.id_number = number[:17] + ("0" if number[17] != "0" else "1")
    assert any("校验" in text for text in texts(right, clerk, checks.AGAINST))


def test_the_page_shows_what_there_is_and_names_what_is_missing_once(client):
    enter(client, "department_clerk")
    talent = waiting(professional_title="工程师")
    answer = client.get(page("change", talent))
    shown = [
        label for _title, facts, _source in answer.context["groups"] for label, *_rest in facts
    ]
    assert "职称" in [str(label) for label in shown]
    assert "学历" not in [str(label) for label in shown]
    assert "学历" in answer.context["missing"]
    offered = [str(words) for words, _address, _main in answer.context["actions"]]
    assert offered == [
        "审核通过",
        "退回补充",
        "更正档案",
        "转交部门",
        "办理删除个人信息",
        "合并档案",
    ]


def test_actions_are_offered_to_who_may(client):
    talent = factories.talent()
    enter(client, "department_reviewer")
    offered = [str(w) for w, _a, _m in client.get(page("change", talent)).context["actions"]]
    facts = ["暂停咨询推荐", "登记离开两江新区"]
    assert offered == ["更正档案", "转交部门", *facts, "合并档案", "查看完整号码"]


# --- through the queue ----------------------------------------------------------------------------
def test_after_a_decision_comes_the_next_of_the_queue_with_her_filter(client):
    enter(client, "department_clerk")
    unit = factories.unit("重庆示例大学")
    first, other, second = (
        waiting("甲", days=9, unit=unit),
        waiting("乙", days=8),
        waiting("丙", days=7, unit=unit),
    )
    filters = f"unit__id__exact={unit.pk}"
    listed = client.get(f"{LIST}?{filters}").content.decode()
    assert page("change", first, _changelist_filters=filters) in listed
    kept = {"_changelist_filters": filters}
    dossier = client.get(page("change", first, **kept))
    assert dossier.context["queue"] == {
        "count": 1,
        "text": "1",
        "next": page("change", second, **kept),
    }
    assert page("verify", first, **kept) in dossier.content.decode()
    answer = client.post(page("verify", first, **kept), {"tier": ""})
    assert answer.url == page("change", second, **kept)
    answer = client.post(page("send_back", second, **kept), {"reason": "请补充学历"})
    assert answer.url == f"{LIST}?{filters}"
    answer = client.post(page("verify", other), {"tier": ""})
    assert answer.url == LIST


def test_from_the_end_of_the_queue_it_begins_again_and_her_own_record_is_left_out(client):
    clerk = enter(client, "department_clerk")
    early, late = waiting("早", days=9), waiting("晚", days=1)
    waiting("本人", days=5, user=clerk)
    assert client.post(page("verify", late), {"tier": ""}).url == page("change", early)
    assert client.post(page("verify", early), {"tier": ""}).url == LIST


def test_a_broken_filter_does_not_stop_the_queue(client):
    enter(client, "department_clerk")
    first, second = waiting("甲", days=2), waiting("乙", days=1)
    for filters in ("state__regex=(", "unit__id__exact=x", "q=%00", "submitted_at_from=x"):
        queue = client.get(page("change", first, _changelist_filters=filters)).context["queue"]
        assert queue["count"] in (0, 1)
    assert second.pk > first.pk


@pytest.mark.parametrize("decision", ["verify", "send_back"])
def test_who_is_in_the_database_already_is_not_asked_about_again(client, decision):
    enter(client, "department_clerk")
    talent = factories.talent()
    answer = client.get(page(decision, talent), follow=True)
    assert answer.redirect_chain == [(page("change", talent), 302)]
    assert shown_messages(answer) == [("error", "这份档案已由他人处理，请刷新列表。")]


def test_a_return_by_mistake_is_taken_back_at_its_place_until_she_hands_in_again(client):
    enter(client, "department_clerk")
    talent, since = waiting(days=3), NOW - timedelta(days=3)
    client.post(page("send_back", talent), {"reason": "请补充学历"})
    back = page("take_back_return", talent)
    assert back in client.get(page("change", talent)).text
    assert client.post(back).url == page("change", talent)
    talent.refresh_from_db()
    assert (talent.state, talent.submitted_at, talent.return_text) == ("submitted", since, "")
    told = Notice.objects.filter(recipient=talent.user).order_by("pk")
    assert [(notice.kind, notice.overtaken_at is None) for notice in told] == [
        ("talents.returned", False),
        ("talents.return_taken_back", True),
    ]
    assert shown_messages(client.get(back, follow=True))[-1][0] == "error"
    assert back not in client.get(page("change", talent)).text


# --- what she has read is what she decides on -----------------------------------------------------
def edit(talent, **values):
    operations.save_step(
        user=talent.user, step=2, values=values, by=talent.user, now=timezone.now()
    )


def carried(answer, name="seen"):
    return [value for key, value in answer.context["carried"] if key == name]


def test_a_record_that_changed_since_it_was_read_is_not_decided_on_unseen(client):
    enter(client, "department_clerk")
    talent = waiting()
    dossier = client.get(page("change", talent))
    address = next(a for words, a, _main in dossier.context["actions"] if str(words) == "退回补充")
    edit(talent, position="副院长")
    sent = {"reason": "请补充学历", "seen": talent.updated_at.isoformat()}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "您打开之后，这份档案有了变化。请看过下面的变化再决定。"
    ]
    assert [str(label) for label, _v in answer.context["facts"]][-2:] == ["您打开之后", "需要核对"]
    assert answer.context["facts"][-2][1] == "本人 修改档案 · 职务"
    assert answer.context["form"]["reason"].value() == "请补充学历"
    talent.refresh_from_db()
    assert (talent.state, carried(answer)) == ("submitted", [talent.updated_at.isoformat()])
    again = client.post(address, sent | {"seen": carried(answer)[0]})
    assert again.status_code == 302
    talent.refresh_from_db()
    assert talent.state == "returned"


def test_what_to_look_at_stands_beside_the_decision_too(client):
    enter(client, "department_clerk")
    wrong = waiting(id_number="110101199003070010")
    facts = dict(client.get(page("verify", wrong)).context["facts"])
    said = [str(text) for label, text in facts.items() if str(label) == "需要核对"]
    expected = [
        check.text for check in checks.about(wrong, wrong.user) if check.weight != checks.FOR
    ]
    assert "身份证号的校验码不正确，请与证件核对。" in expected
    assert said == ["".join(f"<p>{text}</p>" for text in expected)]


def test_the_way_from_the_dossier_to_the_decision_carries_what_was_read(client):
    enter(client, "department_clerk")
    talent = waiting()
    addresses = [a for _w, a, _m in client.get(page("change", talent)).context["actions"]]
    assert "您打开之后" not in client.get(addresses[0]).content.decode()
    edit(talent, position="副院长")
    asked = client.get(addresses[0])
    assert "本人 修改档案" in asked.content.decode()  # read now: what she sends next is up to date
    assert client.post(addresses[0], {"tier": "", "seen": carried(asked)[0]}).status_code == 302


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-13-40", "2026-01-01T00:00:00"])
def test_an_odd_version_asks_nothing(client, seen):
    enter(client, "department_clerk")
    assert client.post(page("verify", waiting()), {"tier": "", "seen": seen}).status_code == 302


def test_of_many_only_those_that_did_not_change_are_decided_on(client):
    enter(client, "department_clerk")
    rows = [waiting("甲"), waiting("乙")]
    seen = carried(act(client, "verify_selected", rows))
    edit(rows[0], position="副院长")
    answer = act(client, "verify_selected", rows, tier="city", seen=seen)
    assert shown_messages(answer) == [
        ("error", "甲 — 您打开之后，这份档案有了变化。请看过下面的变化再决定。"),
        ("success", "已通过 1 份。"),
    ]
    assert list(Talent.objects.verified()) == [rows[1]]


# --- many at once ---------------------------------------------------------------------------------
def act(client, name, rows, **sent):
    body = {"action": name, "_selected_action": [row.pk for row in rows]} | sent
    return client.post(f"{LIST}?state__exact=all", body, follow=True)


def test_taking_a_record_in_leaves_the_tier_it_has(client):
    """One by one its own tier is chosen already; many at once, 暂不分层 takes nobody's away."""
    enter(client, "department_clerk")
    one, other, plain = waiting("甲"), waiting("乙"), waiting("丙")
    Talent.objects.filter(pk__in=[one.pk, other.pk]).update(tier="city")
    asked = client.get(page("verify", one))
    offered = asked.context["form"].fields["tier"].choices
    assert (asked.context["form"].initial["tier"], "" in dict(offered)) == ("city", False)
    client.post(page("verify", one), {"tier": "national", "seen": carried(asked)[0]})
    act(client, "verify_selected", [other, plain], tier="")
    tiers = [("甲", "national"), ("乙", "city"), ("丙", "")]
    assert list(Talent.objects.verified().order_by("pk").values_list("full_name", "tier")) == tiers
    said = AuditEntry.objects.filter(action="talents.verify").order_by("pk")
    assert [entry.detail["tier"] for entry in said] == ["national", "city", ""]


def test_many_are_verified_each_with_a_result_of_its_own(client):
    clerk = enter(client, "department_clerk")
    rows = [waiting("甲"), waiting("乙"), waiting("本人", user=clerk)]
    asked = act(client, "verify_selected", rows)
    assert [label for label, _value in asked.context["facts"]] == ["本人", "乙", "甲"]
    assert Talent.objects.verified().count() == 0
    answer = act(client, "verify_selected", rows, tier="city")
    assert shown_messages(answer) == [
        ("error", "本人 — 不能审核您本人的档案，请由其他同事办理。"),
        ("success", "已通过 2 份。"),
    ]
    assert list(Talent.objects.verified().values_list("tier", flat=True)) == ["city", "city"]


def test_many_are_returned_retiered_and_handed_over(client):
    enter(client, "department_clerk")
    rows = [waiting("甲"), waiting("乙")]
    answer = act(client, "return_selected", rows, common=["education"], reason="")
    assert shown_messages(answer) == [("success", "已退回 2 份。")]
    answer = act(client, "tier_selected", rows, tier="reserve", reason=WHY)
    assert shown_messages(answer) == [("success", "已调整 2 份。")]
    answer = act(client, "tier_selected", rows, tier="reserve", reason=WHY)
    assert shown_messages(answer) == [("info", "2 条此前已经处理，这次没有变化。")]
    department = factories.department("trade_union")
    answer = act(client, "hand_over_selected", rows, department=department.pk)
    assert shown_messages(answer) == [("success", "已转交 2 份。")]
    assert {t.department for t in Talent.objects.all()} == {department}


# --- found by a number ----------------------------------------------------------------------------
def test_a_record_is_found_by_its_whole_number_which_stays_out_of_the_address(client):
    enter(client, "department_clerk")
    talent = factories.talent(phone="14000008387", id_number=workbooks.identity())
    address = reverse("admin:talents_talent_by_number")
    for typed in ("+86 140-0000-8387", "１４００００08387", workbooks.identity()):
        assert client.post(address, {"number": typed}).url == page("change", talent)
    for typed, said in (
        ("14000008388", "您能查看的档案里没有这个号码。"),
        ("1400000", "请填写完整的 11 位手机号或 18 位身份证号。"),
    ):
        answer = client.post(address, {"number": typed})
        assert answer.context["form"].errors["number"] == [said]
    details = AuditEntry.objects.filter(action="privacy.look_up").order_by("pk")
    assert [entry.detail for entry in details] == [{"found": 1, "missed": 0}] * 3 + [
        {"found": 0, "missed": 1}
    ]


def test_a_number_in_the_search_leads_to_the_page_that_posts_it(client):
    enter(client, "department_clerk")
    address = reverse("admin:talents_talent_by_number")
    for number in ("14000008387", "140 0000 8387", "50010519900928000X"):
        assert client.get(LIST, {"q": number}).url == address
    html = client.get(LIST).content.decode()
    assert f'<a href="{address}" data-numbers>' in html
    assert "js/admin_search.js" in html


# --- the list as a workbook -----------------------------------------------------------------------
def rows_of(data):
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    _mark, head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_narrowed_list_is_exported_masked_and_on_record(client):
    clerk = enter(client, "department_clerk")
    factories.talent(full_name="=1+1", phone="14000008387", tier="city")
    factories.talent(full_name="别的", tier="reserve")
    factories.talent(tier="city", department=factories.department("trade_union"))
    address = f"{reverse('admin:talents_talent_export')}?tier__exact=city&state__exact=all"
    assert "full" not in client.get(address).context["form"].fields
    assert client.post(address, {"reason": "要"}).status_code == 422
    answer = client.post(
        address, {"reason": "报送年度统计", "full": "full", "columns": sheet.FIELDS}
    )
    assert [(row["姓名"], row["手机号"]) for row in rows_of(answer.content)] == [
        ("'=1+1", "140****8387")
    ]
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="talents.export_list")
    assert (entry.actor_id, entry.reason) == (clerk.pk, "报送年度统计")
    assert entry.detail == {
        "count": 1,
        "full": False,
        "filters": ["state__exact", "tier__exact"],
    }


def test_numbers_leave_in_full_with_the_right_to_see_them_and_the_auditors_are_told(client):
    reviewer = enter(client, "department_reviewer")
    factories.talent(phone="14000008387")
    address = f"{reverse('admin:talents_talent_export')}?state__exact=all"
    answer = client.post(
        address, {"reason": "报送年度统计", "full": "full", "columns": sheet.FIELDS}
    )
    assert [row["手机号"] for row in rows_of(answer.content)] == ["14000008387"]
    alert = AuditEntry.objects.get(action="privacy.alert")
    assert (alert.actor_id, alert.detail) == (reviewer.pk, {"kind": "exports", "count": 1})
    with pytest.raises(Refused):
        clerk = factories.staff("department_clerk")
        exports.export_list(
            rows=Talent.objects.all(), by=clerk, now=NOW, reason="报送年度统计", full=True
        )


def test_an_empty_list_is_not_exported(client):
    enter(client, "department_clerk")
    address = f"{reverse('admin:talents_talent_export')}?state__exact=all"
    sent = {"reason": "报送年度统计", "columns": sheet.FIELDS}
    assert "没有记录" in client.post(address, sent).content.decode()
    assert AuditEntry.objects.count() == 0


def test_names_are_sorted_by_their_sound(client):
    enter(client, "department_clerk")
    for name in ("张一", "安二", "李三"):
        factories.talent(full_name=name)
    listed = client.get(f"{LIST}?state__exact=all&o=1").context["cl"].result_list
    assert [talent.full_name for talent in listed] == ["安二", "李三", "张一"]


def test_a_clerk_writes_no_number_its_woman_has_not_agreed_to():
    """What she withdraws would be back the day after; a record nobody has claimed has what her unit reported."""
    number = workbooks.identity("19900301")
    hers, reported = factories.talent(), factories.talent(user=None)
    given = {"changes": {"id_number": number}, "reason": "按证件登记", "by": None, "now": NOW}
    with pytest.raises(Refused) as refused:
        operations.correct(talent=hers, **given)
    assert (refused.value.code, refused.value.field) == ("consent_needed", "id_number")
    factories.consent(hers.user, "identity_number")
    assert operations.correct(talent=hers, **given).id_number == number
    other = {**given, "changes": {"id_number": workbooks.identity("19900302")}}
    assert operations.correct(talent=reported, **other).id_number == other["changes"]["id_number"]
