"""The admin of care points: rules edited with a trace, hours by four eyes, the ledger read-only."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from care_points import operations, statement
from care_points.forms import StationForm
from care_points.models import EarningRule, Redemption, ServiceHours, Transfer
from care_points.portal import NAVIGATION
from kernel.sweeps import MOST_FAILURES
from privacy import history
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.places.make import place

pytestmark = pytest.mark.django_db
ADMIN = "/admin/care_points"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def shown_messages(response):
    """Return the messages the page shows."""
    return [str(message) for message in response.context["messages"]]


def record(client, people, **changes):
    day = timezone.localtime() - timedelta(days=2)
    body = {"people": people, "activity": "科普讲座", "day": f"{day:%Y-%m-%d}", "start": "09:00"}
    return client.post(f"{ADMIN}/servicehours/add/", body | {"hours": "1.5"} | changes, follow=True)


def act(client, model, action, rows, **more):
    body = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(f"{ADMIN}/{model}/", body, follow=True)


def test_hours_of_many_are_recorded_and_a_colleague_confirms(client):
    clerk, reviewer = factories.staff("department_clerk"), factories.staff("department_reviewer")
    women = [factories.talent() for _ in range(2)]
    women[0].phone = "14000009876"
    women[0].save()
    client.force_login(clerk)
    answer = record(client, f"14000009876\n\n{women[1].code.lower()}\n{women[1].code}")
    assert shown_messages(answer) == ["已登记 2 人，请同事确认后积分到账。"]
    assert list(ServiceHours.objects.values_list("half_hours", "state")) == [(3, "recorded")] * 2
    client.force_login(reviewer)
    answer = act(client, "servicehours", "confirm_selected", ServiceHours.objects.all())
    assert shown_messages(answer) == ["已确认 2 条，其中 2 条积分已到账。"]
    assert [make.balance(woman) for woman in women] == [30, 30]


def test_a_clerk_cannot_confirm_and_a_reviewer_cannot_confirm_her_own_record(client):
    clerk = factories.staff("department_clerk")
    both = factories.staff("department_clerk", "department_reviewer")
    woman = factories.talent()
    client.force_login(clerk)
    record(client, woman.code)
    act(client, "servicehours", "confirm_selected", ServiceHours.objects.all())
    client.force_login(both)
    record(client, woman.code, start="13:00")
    answer = act(
        client, "servicehours", "confirm_selected", ServiceHours.objects.filter(recorded_by=both)
    )
    assert shown_messages(answer) == [
        f"{woman} · 科普讲座 1.5 小时 — 时长须由登记人以外的同事确认，请转给同事处理。"
    ]
    assert make.balance(woman) == 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"people": ""}, "people", "请填写参加人员，每行一人。"),
        (
            {"people": "\n14000000000"},
            "people",
            "第 2 行：没有找到已入库的人才，请核对手机号或人才编号。",
        ),
        ({"people": " \n "}, "people", "请填写参加人员，每行一人。"),
        ({"activity": ""}, "activity", "请填写志愿服务内容，如“社区科普讲座”。"),
        ({"day": "3月8日"}, "day", "请按 2026-03-08 的样子填写日期。"),
        ({"day": "2020-03-08"}, "day", "只能登记一年以内的志愿服务，请核对日期。"),
        ({"day": "2999-01-01"}, "day", "志愿服务结束后才能登记时长，请核对日期和时间。"),
        ({"start": "25:00"}, "start", "请按 14:00 的样子填写时间。"),
        ({"hours": "1.3"}, "hours", "时长以半小时计，请填写 0.5 的倍数。"),
        ({"hours": "0"}, "hours", "时长至少半小时。"),
        ({"hours": "13"}, "hours", "一次最多 12 小时，更长的请分日登记。"),
        ({"hours": "NaN"}, "hours", "请填写数字，如 1.5。"),
    ],
)
def test_wrong_hours_are_one_sentence_and_nothing_is_written(client, changes, field, sentence):
    client.force_login(factories.staff("department_clerk"))
    answer = record(client, changes.pop("people", factories.talent().code), **changes)
    assert answer.context["form"].errors[field] == [sentence]
    assert ServiceHours.objects.count() == 0


def test_people_of_another_department_are_not_found(client):
    woman = factories.talent(department=factories.department("science_innovation"))
    client.force_login(factories.staff("department_clerk"))
    answer = record(client, woman.code)
    assert answer.context["form"].errors["people"] == [
        "第 1 行：没有找到已入库的人才，请核对手机号或人才编号。"
    ]


def test_one_overlap_writes_none_of_the_group(client):
    client.force_login(factories.staff("department_clerk"))
    first, second = factories.talent(), factories.talent()
    record(client, second.code)
    answer = record(client, f"{first.code}\n{second.code}", activity="图书整理")
    assert "时间重叠" in answer.context["form"].errors["people"][0]
    assert ServiceHours.objects.count() == 1


def test_revoking_asks_for_a_reason_and_takes_the_points_back(client):
    woman, clerk = factories.talent(), factories.staff("department_clerk")
    client.force_login(clerk)
    record(client, woman.code)
    hours = ServiceHours.objects.get()
    reviewer = factories.staff("department_reviewer")
    operations.confirm_hours(hours=hours, by=reviewer, now=timezone.now())
    client.force_login(reviewer)
    question = act(client, "servicehours", "refuse_selected", [hours])
    assert "其中 1 条已发放积分" in question.content.decode()
    empty = act(client, "servicehours", "refuse_selected", [hours], reason="")
    assert empty.context["form"].errors["reason"] == ["请写明原因，本人会看到。"]
    assert make.balance(woman) == 30
    answer = act(client, "servicehours", "refuse_selected", [hours], reason="重复登记")
    assert shown_messages(answer) == ["已处理 1 条；已发放的积分已按规则收回。"]
    hours.refresh_from_db()
    assert (hours.state, hours.reason, make.balance(woman)) == ("revoked", "重复登记", 0)


def test_a_rule_is_edited_with_its_history_and_an_audit_entry(client):
    clerk = factories.staff("points_clerk")
    client.force_login(clerk)
    rule = EarningRule.objects.get(code="event_attendance")
    body = {
        "name": "参加活动",
        "name_en": "",
        "points": "15",
        "yearly_cap": "",
        "valid_months": "24",
        "active_from": "2022-02-24",
        "active_until": "",
        "code": "hacked",
        "unit": "hour",
    }
    first = client.post(f"{ADMIN}/earningrule/{rule.pk}/change/", body)
    body["previewed"] = first.context["adminform"].form.previewed
    client.post(f"{ADMIN}/earningrule/{rule.pk}/change/", body)
    rule.refresh_from_db()
    assert (rule.points, rule.valid_months, rule.code, rule.unit) == (
        15,
        24,
        "event_attendance",
        "event",
    )
    entry = AuditEntry.objects.get(action="care_points.change_earningrule")
    assert entry.detail == {
        "points": [10, 15],
        "yearly_cap": [200, None],
        "valid_months": [36, 24],
        "fields": ["name_en"],
    }
    history = rule.history.first()
    assert (history.points, history.history_user) == (15, clerk)
    wrong = client.post(
        f"{ADMIN}/earningrule/{rule.pk}/change/", body | {"active_until": "2020-01-01"}
    )
    assert wrong.context["adminform"].form.non_field_errors() == ["截止日期不能早于生效日期。"]


def test_operators_are_named_by_phone_or_code(client):
    client.force_login(factories.staff("points_clerk"))
    operator = factories.user(phone="14000007777")
    body = {
        "name": "示例站",
        "place": str(place().pk),
        "active": "on",
    }
    wrong = client.post(
        f"{ADMIN}/carestation/add/", body | {"operator_lines": "14000007777\nNOBODY"}
    )
    assert wrong.context["adminform"].form.errors["operator_lines"] == [
        "第 2 行：没有找到这个账号，请核对手机号或用户编号。"
    ]
    client.post(f"{ADMIN}/carestation/add/", body | {"operator_lines": "14000007777"})
    station = operator.care_stations.get()
    client.post(f"{ADMIN}/carestation/{station.pk}/change/", body | {"operator_lines": ""})
    assert operator.care_stations.count() == 0


ROLES = ["points_clerk", "auditor", "department_clerk", "department_reviewer", "administrator"]
MODELS = {
    "transfer": ["points_clerk", "auditor"],
    "pointsaccount": ["points_clerk"],
    "redemption": ["points_clerk"],
    "servicehours": ["points_clerk", "department_clerk", "department_reviewer"],
    "earningrule": ["points_clerk", "auditor", "administrator"],
    "carestation": ["points_clerk", "administrator"],
    "service": ["points_clerk", "administrator"],
    "provider": ["points_clerk", "administrator"],
    "appointment": ["points_clerk"],
}


@pytest.mark.parametrize("model", MODELS)
def test_each_list_opens_for_its_roles_only(client, model):
    opened = []
    for role in ROLES:
        client.force_login(factories.staff(role))
        if client.get(f"{ADMIN}/{model}/").status_code == 200:
            opened.append(role)
    assert opened == MODELS[model]


def test_who_may_only_look_at_a_station_reads_who_stands_there(client):
    station = make.station()
    client.force_login(factories.staff("administrator"))
    page = client.get(f"{ADMIN}/carestation/{station.pk}/change/")
    shown = page.content.decode()
    assert (page.status_code, "现有核销人员" in shown, "每行一人" in shown) == (200, True, False)


def test_a_provider_is_offered_the_services_by_appointment_of_her_station(client):
    here = make.timed()
    make.service(station=here.station)
    make.timed(station=make.station(), title="别处的咨询")
    client.force_login(factories.staff("points_clerk"))
    page = client.get(f"{ADMIN}/provider/{make.provider(here).pk}/change/")
    assert list(page.context["adminform"].form.fields["services"].queryset) == [here]


def test_ledger_and_vouchers_cannot_be_written_in_the_admin(client):
    woman = factories.talent()
    transfer = make.give(woman, 50)
    voucher = make.redeem(woman, make.service(), now=timezone.now())
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    rows = [
        ("transfer", transfer),
        ("pointsaccount", woman.points_account),
        ("redemption", voucher),
    ]
    answers = [
        (
            client.get(f"{ADMIN}/{model}/{row.pk}/change/").status_code,
            client.post(f"{ADMIN}/{model}/{row.pk}/change/", {"balance": 999}).status_code,
            client.get(f"{ADMIN}/{model}/add/").status_code,
            client.post(f"{ADMIN}/{model}/{row.pk}/delete/", {"post": "yes"}).status_code,
        )
        for model, row in rows
    ]
    assert answers == [(200, 403, 403, 403)] * 3
    assert (make.balance(woman), Transfer.objects.count()) == (20, 2)


def test_a_points_clerk_cancels_a_voucher_for_her(client):
    woman = factories.talent()
    make.give(woman, 50)
    voucher = make.redeem(woman, make.service(), now=timezone.now())
    client.force_login(factories.staff("points_clerk"))
    answer = act(client, "redemption", "cancel_selected", [voucher])
    assert (shown_messages(answer), make.balance(woman)) == (["已取消 1 张，积分已退回。"], 50)


@pytest.mark.parametrize("model", MODELS)
def test_lists_cost_the_same_queries_with_one_row_and_with_three(client, model):
    client.force_login(factories.staff("points_clerk"))
    clerk, service = factories.staff("department_clerk"), make.service()

    def grow():
        woman = factories.talent()
        make.give(woman, 50)
        make.redeem(woman, service, now=timezone.now())
        now = timezone.now()
        operations.record_hours(
            talent=woman,
            activity="科普",
            starts_at=now - timedelta(hours=3),
            half_hours=2,
            by=clerk,
            now=now,
        )
        make.service(station=service.station)

    counts = []
    for _ in range(2):
        grow()
        client.get(f"{ADMIN}/{model}/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{ADMIN}/{model}/").status_code == 200
        # A session read again from the database, because the cache dropped it, is not the list's.
        own = [q for q in captured.captured_queries if "accounts_session" not in q["sql"]]
        counts.append(len(own))
        grow()
    assert counts[0] == counts[1]


def test_the_ledger_names_staff_and_no_woman(client):
    woman, clerk = (
        factories.talent(full_name="欧阳晓岚"),
        factories.staff("event_organiser", full_name="周干事"),
    )
    transfer = operations.earn(
        rule_code="event_attendance", talent=woman, key="c:1", by=clerk, now=timezone.now()
    )
    make.give(woman, 50)
    make.redeem(woman, make.service(), now=timezone.now())
    client.force_login(factories.staff("auditor"))
    pages = [
        client.get(f"{ADMIN}/transfer/"),
        client.get(f"{ADMIN}/transfer/{transfer.pk}/change/"),
    ]
    shown = [page.content.decode() for page in pages]
    assert [("周干事" in page, "欧阳晓岚" in page, "衣橱整理" in page) for page in shown] == [
        (True, False, False)
    ] * 2


def test_guesses_do_not_find_the_number_behind_a_masked_one(client):
    woman = factories.talent()
    woman.phone = "13812345678"
    woman.save()
    client.force_login(factories.staff("department_clerk"))
    guesses = [f"1381234{n}" for n in range(5600, 5700)]
    errors = record(client, "\n".join(guesses)).context["form"].errors["people"]
    assert [text[:7] for text in errors] == [f"第 {n} 行：没"[:7] for n in range(1, 11)]
    errors = record(client, "\n".join(guesses * 3)).context["form"].errors["people"]
    assert errors == ["一次最多登记 200 人，请分批填写。"]


def test_an_unproved_number_names_no_operator():
    claim = factories.user(phone="13812345678", phone_verified=False)
    form = StationForm({"operator_lines": "13812345678"})
    assert "operator_lines" in form.errors
    claim.phone_verified = True
    claim.save()
    assert StationForm({"operator_lines": "13812345678"}).errors.get("operator_lines") is None


@pytest.mark.parametrize("typed", ["140-0000-9876", "+86 14000009876", "１４０００００９８７６"])
def test_a_phone_is_read_as_at_the_sign_in(client, typed):
    factories.talent(user=factories.user(), phone="14000009876")
    client.force_login(factories.staff("department_clerk"))
    assert shown_messages(record(client, typed)) == ["已登记 1 人，请同事确认后积分到账。"]


def test_vouchers_are_one_right_and_the_hours_of_all_departments_another(client):
    clerk = factories.staff("department_clerk")
    client.force_login(clerk)
    record(client, factories.talent().code)
    elsewhere = {"department_code": "science_innovation"}
    reader, points_clerk = (
        factories.staff(**elsewhere),
        factories.staff("points_clerk", **elsewhere),
    )
    rights = ("view_servicehours", "view_redemption")
    reader.user_permissions.set(Permission.objects.filter(codename__in=rights))
    seen = [ServiceHours.objects.visible_to(who).count() for who in (reader, points_clerk)]
    assert seen == [0, 1]


def test_the_ledgers_list_says_what_a_transfer_is_about_as_the_statement_does(client):
    woman = factories.talent()
    earned = operations.earn(
        rule_code="event_attendance", talent=woman, key="checkin:1:1", by=None, now=factories.NOW
    )
    undone = operations.reverse(transfer=earned, by=None, now=factories.NOW)
    client.force_login(factories.staff("points_clerk"))
    words = statement.about(undone)
    assert words == "签到已撤销"
    for address in ("", f"{undone.pk}/change/"):
        assert words in client.get(f"{ADMIN}/transfer/{address}").content.decode()


def test_the_history_of_a_voucher_names_who_stood_at_the_desk():
    operator, woman = factories.user("赵站长"), factories.talent()
    make.give(woman, 30)
    made = make.redeem(woman, make.service(station=make.station(operator)))
    operations.fulfil(code=made.code, by=operator, now=made.made_at)
    clerk = factories.staff("points_clerk")
    said = [line.sentence for line in history.of(made, reader=clerk)]
    assert said == ["赵站长 核销兑换码", "本人 兑换服务"]


def page_of(client, row, model):
    """Return the page of one row."""
    return client.get(f"{ADMIN}/{model}/{row.pk}/change/").content.decode()


def test_the_page_of_waiting_hours_confirms_and_refuses_them_and_asks_nothing_of_decided_ones(
    client,
):
    clerk, colleague = factories.staff("department_clerk"), factories.staff("points_clerk")
    client.force_login(clerk)
    record(client, factories.talent().code)
    hours = ServiceHours.objects.get()
    page = page_of(client, hours, "servicehours")  # she recorded them herself
    assert ('value="confirm_selected"' in page, 'value="withdraw_selected"' in page) == (
        False,
        True,
    )
    client.force_login(colleague)
    page = page_of(client, hours, "servicehours")
    assert ["确认时长，发放积分" in page, "不通过或撤销" in page] == [True, True]
    answer = act(client, "servicehours", "confirm_selected", [hours])
    assert shown_messages(answer) == ["已确认 1 条，其中 1 条积分已到账。"]
    page = page_of(client, hours, "servicehours")
    assert ["确认时长，发放积分" in page, "不通过或撤销" in page] == [False, True]
    act(client, "servicehours", "refuse_selected", [hours], reason="重复登记")
    assert "row-actions" not in page_of(client, hours, "servicehours")


def test_the_page_of_a_voucher_cancels_it_while_it_is_not_used(client):
    woman = factories.talent()
    make.give(woman, 50)
    voucher = make.redeem(woman, make.service(), now=timezone.now())
    client.force_login(factories.staff("points_clerk"))
    page = page_of(client, voucher, "redemption")
    assert ["取消兑换，退回积分" in page, "重试到期处理" in page] == [True, False]
    act(client, "redemption", "cancel_selected", [voucher])
    assert "row-actions" not in page_of(client, voucher, "redemption")
    Redemption.objects.update(sweep_failures=MOST_FAILURES)
    assert "重试到期处理" in page_of(client, voucher, "redemption")


def test_every_account_a_transfer_leads_to_has_a_page(client):
    make.give(factories.talent(), 50)
    client.force_login(factories.staff("points_clerk"))
    page = page_of(client, Transfer.objects.get(), "transfer")
    linked = re.findall(rf'href="({ADMIN}/pointsaccount/\d+/change/)"', page)
    assert [client.get(address).status_code for address in linked] == [200]


def test_the_menu_calls_each_list_what_the_list_calls_itself():
    """One word for one thing."""
    menu = {item.view.removeprefix("care_points_"): str(item.title) for item in NAVIGATION}
    models = {name: apps.get_model("care_points", name) for name in menu}
    assert menu == {name: str(one._meta.verbose_name_plural) for name, one in models.items()}
