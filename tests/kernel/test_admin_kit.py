"""The admin's kit: forms saved by operations, pages that ask, numbers shown for a reason, many rows."""

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit, User
from care_points import operations as care_points
from care_points.models import EarningRule
from kernel.admin.base import ReadOnly
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import DefaultFilter, OneChoiceFilter, column, state_column
from kernel.changes import note, watched
from kernel.errors import Conflict, Invalid
from notices.models import Delivery, Notice
from partners.models import PartnerKey
from privacy import audit
from privacy.models import AuditEntry
from reports import operations as reports
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles, **fields):
    person = factories.staff(*roles, **fields)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def shown_messages(answer):
    """Return the messages a page shows, each with its level."""
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


def address(model, name, *args):
    return reverse(f"admin:{model}_{name}", args=args)


def act(client, model, action, rows, **more):
    body = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(address(model, "changelist"), body, follow=True)


# --- forms that are saved by an operation ---------------------------------------------------------
UNIT = {"name": "重庆示例有限公司", "uscc": "", "kind": "enterprise", "is_partner": "on"}


def test_a_refusal_of_the_operation_stands_at_its_field_with_what_was_typed(client):
    enter(client, "department_clerk")
    factories.unit("重庆示例有限公司")
    page = client.post(address("accounts_unit", "add"), UNIT | {"district": "鸳鸯街道"})
    form = page.context["adminform"].form
    assert (page.status_code, form.errors) == (200, {"name": ["已有同名单位，请直接使用它。"]})
    assert 'value="鸳鸯街道"' in page.content.decode()
    assert Unit.objects.count() == 1


def test_what_the_model_itself_refuses_does_not_reach_the_operation(client):
    enter(client, "department_clerk")
    page = client.post(address("accounts_unit", "add"), UNIT | {"kind": "castle"})
    assert list(page.context["adminform"].form.errors) == ["kind"]
    assert AuditEntry.objects.count() == 0


def test_an_operation_refused_half_way_leaves_nothing():
    class FailsHalfway(OperationForm):
        class Meta:
            model = Unit
            fields = ["name", "kind"]

        def operate(self, stored, *, by, now, **cleaned):
            factories.unit("只写了一半")
            raise Conflict("no", "不行。", field="nowhere")

    form = FailsHalfway({"name": "甲", "kind": "school"})
    assert (form.is_valid(), form.non_field_errors()) == (False, ["不行。"])
    assert Unit.objects.count() == 0


def test_the_operation_is_given_the_row_as_it_is_stored_and_who_acts():
    seen = []

    class Look(OperationForm):
        class Meta:
            model = Unit
            fields = ["name", "kind"]

        def operate(self, stored, *, by, now, **cleaned):
            seen.append((stored and stored.name, by, cleaned))
            return stored or factories.unit("新的")

    unit = factories.unit("旧名")
    Look.by = factories.staff()
    cleaned = {"name": "新名", "kind": "school"}
    assert Look(cleaned, instance=unit).is_valid()
    assert Look(cleaned).is_valid()
    assert seen == [("旧名", Look.by, cleaned), (None, Look.by, cleaned)]


def opened(client, where):
    """Return what a browser would send back of a form it has opened: {name: text or [texts]}."""
    form = client.get(where).context["adminform"].form
    body = {"shown": form.shown}
    for name, bound in ((name, form[name]) for name in form.fields):
        value, widget = bound.field.prepare_value(bound.initial), bound.field.widget
        if isinstance(widget, forms.MultiWidget):
            for part, one in zip(widget.widgets_names, widget.decompress(value), strict=True):
                body[name + part] = "" if one is None else str(one)
        elif isinstance(widget, forms.CheckboxInput):
            body |= {name: "on"} if value else {}
        elif isinstance(value, list):
            body[name] = value
        else:
            body[name] = "" if value is None else str(value)
    return body


def test_what_a_colleague_changed_meanwhile_stays_where_she_left_it_alone(client):
    enter(client, "department_clerk")
    unit = factories.unit("重庆示例有限公司", address="旧址", district="鸳鸯街道")
    where = address("accounts_unit", "change", unit.pk)
    hers, colleagues = opened(client, where), opened(client, where)
    client.post(where, colleagues | {"address": "新址1号"})
    client.post(where, hers | {"district": "人和街道"})
    unit.refresh_from_db()
    assert (unit.address, unit.district) == ("新址1号", "人和街道")


def test_where_both_changed_a_field_the_second_is_told_and_decides(client):
    enter(client, "department_clerk")
    unit = factories.unit("重庆示例有限公司", kind="enterprise")
    where = address("accounts_unit", "change", unit.pk)
    hers, colleagues = opened(client, where), opened(client, where)
    client.post(where, colleagues | {"kind": "school"})
    page = client.post(where, hers | {"kind": "hospital"})
    form = page.context["adminform"].form
    sentence = "您打开之后，这一项已由他人改为“学校”。仍要用您填的，请再保存一次。"
    assert form.errors == {"kind": [sentence]}
    unit.refresh_from_db()
    assert (unit.kind, form["kind"].value()) == ("school", "hospital")
    assert client.post(where, hers | {"kind": "hospital", "shown": form.shown}).status_code == 302
    unit.refresh_from_db()
    assert unit.kind == "hospital"


def test_a_form_saved_twice_or_with_damaged_values_is_taken_as_it_is(client):
    enter(client, "department_clerk")
    unit = factories.unit("重庆示例有限公司")
    where = address("accounts_unit", "change", unit.pk)
    hers = opened(client, where) | {"address": "新址1号"}
    assert [client.post(where, hers).status_code for _twice in range(2)] == [302, 302]
    for damaged in ("", "{", "[1]", "null", '{"nothing": 1}'):
        assert client.post(where, hers | {"shown": damaged}).status_code == 302
    assert AuditEntry.objects.filter(action="accounts.change_unit").count() == 1


def test_times_and_roles_a_colleague_changed_stay_as_well(client):
    enter(client, "administrator")
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    event = factories.event(starts_at=start, ends_at=start + timedelta(hours=2))
    where = address("events_event", "change", event.pk)
    hers, later = opened(client, where), timezone.localtime(event.ends_at + timedelta(hours=1))
    colleagues = hers | {"ends_at_0": f"{later:%Y-%m-%d}", "ends_at_1": f"{later:%H:%M}"}
    assert client.post(where, colleagues).status_code == 302
    assert client.post(where, hers | {"capacity": "77"}).status_code == 302
    event.refresh_from_db()
    assert (event.capacity, event.ends_at) == (77, later)

    person = factories.staff("department_clerk")
    where = address("accounts_user", "change", person.pk)
    hers = opened(client, where)
    client.post(where, hers | {"roles": ["department_clerk", "points_clerk"]})
    client.post(where, hers | {"full_name": "周会计"})
    person.refresh_from_db()
    assert person.full_name == "周会计"
    roles = set(person.groups.values_list("name", flat=True))
    assert roles == {"department_clerk", "points_clerk"}


def test_an_untouched_form_finds_nothing_changed(client):
    enter(client, "administrator", "points_clerk")
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    event = factories.event(starts_at=start, body="第一段\r\n\r\n第二段")
    rule = EarningRule.objects.first()
    for where in (
        address("events_event", "change", event.pk),
        address("accounts_unit", "change", factories.unit().pk),
        address("accounts_user", "change", factories.staff("auditor").pk),
        address("care_points_earningrule", "change", rule.pk),
    ):
        before = AuditEntry.objects.count()
        assert client.post(where, opened(client, where)).status_code == 302
        assert AuditEntry.objects.count() == before


def test_what_was_added_and_changed_is_in_the_audit_log_alone_and_history_reads_it(client):
    clerk = enter(client, "department_clerk")
    client.post(address("accounts_unit", "add"), UNIT)
    unit = Unit.objects.get()
    client.post(address("accounts_unit", "change", unit.pk), UNIT | {"district": "鸳鸯街道"})
    # Django's own log keeps what a row is called, names of people included.
    assert LogEntry.objects.count() == 0
    verbs = AuditEntry.objects.order_by("pk").values_list("action", "actor_id")
    assert list(verbs) == [("accounts.add_unit", clerk.pk), ("accounts.change_unit", clerk.pk)]
    page = client.get(address("accounts_unit", "history", unit.pk))
    sentences = [line.sentence for line in page.context["lines"]]
    assert sentences[0] == "李干事 修改单位 · 所在街道"
    assert sentences[1].startswith("李干事 添加单位 · ")
    assert sentences[0] in page.content.decode()


def test_the_history_of_a_rule_says_what_became_of_its_numbers(client):
    clerk = enter(client, "points_clerk")
    rule = EarningRule.objects.get(code="event_attendance")
    now, until = timezone.now(), date(2027, 12, 31)
    care_points.change_rule(rule=rule, points=15, active_until=until, by=clerk, now=now)
    page = client.get(address("care_points_earningrule", "history", rule.pk))
    assert [line.sentence for line in page.context["lines"]] == [
        "李干事 修改积分规则 · 积分：10 → 15；截止日期：（空） → 2027年12月31日 (周五)"
    ]


def test_a_page_that_only_shows_leaves_out_what_is_empty(client):
    row = hours(factories.staff("department_clerk"))
    enter(client, "department_reviewer")
    page = client.get(address("care_points_servicehours", "change", row.pk))
    [(_title, options)] = page.context["adminform"].fieldsets
    shown = ["talent", "activity", "starts_at", "ends_at", "length", "state"]
    assert options["fields"] == [*shown, "source", "recorded_by", "recorded_at"]


def test_a_row_is_linked_for_those_who_may_open_it(client):
    row = hours(factories.staff("department_clerk", full_name="登记人甲"))
    page = address("care_points_servicehours", "change", row.pk)
    person = address("accounts_user", "change", row.recorded_by_id)
    enter(client, "department_reviewer")
    html = client.get(page).content.decode()
    assert (person in html, "登记人甲" in html) == (False, True)
    assert address("talents_talent", "change", row.talent_id) in html
    enter(client, "department_reviewer", "administrator")
    assert person in client.get(page).content.decode()


def test_a_history_is_for_those_who_may_see_the_row(client):
    enter(client, "department_clerk")
    talent = factories.talent(department=factories.department("trade_union"))
    assert client.get(address("talents_talent", "history", talent.pk)).status_code == 404


def test_every_form_of_the_admin_is_read_only_or_saved_by_an_operation():
    others = [
        type(shown).__name__
        for shown in admin.site._registry.values()
        if not isinstance(shown, ReadOnly | OperationAdmin) and shown.model.__name__ != "ImportRun"
    ]
    assert others == []


READ_ONLY = [
    model._meta.label_lower
    for model, shown in admin.site._registry.items()
    if isinstance(shown, ReadOnly)
]


@pytest.mark.parametrize("label", READ_ONLY)
def test_nobody_changes_or_deletes_what_is_read_only(rf, label):
    shown = next(a for m, a in admin.site._registry.items() if m._meta.label_lower == label)
    request = rf.get("/")
    request.user = factories.user(is_staff=True, is_superuser=True)
    assert shown.has_change_permission(request) is False
    assert shown.has_delete_permission(request) is False


# --- pages that ask -------------------------------------------------------------------------------
def key(**fields):
    return PartnerKey.objects.create(
        unit=factories.unit(),
        name="人事系统同步",
        client_type=PartnerKey.CLIENT_CONFIDENTIAL,
        authorization_grant_type=PartnerKey.GRANT_CLIENT_CREDENTIALS,
        **fields,
    )


def test_a_decision_says_what_it_is_about_and_what_will_happen_and_does_it_once(client):
    enter(client, "administrator")
    row = key()
    stop, back = (
        address("partners_partnerkey", "revoke", row.pk),
        address("partners_partnerkey", "change", row.pk),
    )
    page = client.get(stop).content.decode()
    for words in (
        "停用接口密钥",
        row.unit.name,
        "人事系统同步",
        "立即无法读取数据",
        "确认停用",
        back,
    ):
        assert words in page
    answer = client.post(stop, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    assert shown_messages(answer) == [("success", "密钥已停用，它换取的令牌已全部作废。")]
    assert "停用密钥" not in answer.content.decode()
    again = client.post(stop, follow=True)
    assert shown_messages(again) == [("info", "此前已经处理，这次没有变化。")]
    assert AuditEntry.objects.filter(action="partners.revoke_key").count() == 1


def test_a_refused_decision_keeps_what_was_typed(client):
    clerk = enter(client, "department_clerk")
    now = timezone.now()
    over = factories.event(starts_at=now - timedelta(days=2), organiser=clerk)
    page = client.post(address("events_event", "cancel", over.pk), {"reason": "场地维修"})
    form = page.context["form"]
    assert (page.status_code, form.non_field_errors()) == (422, ["活动已经结束，不能取消。"])
    html = page.content.decode()
    assert 'role="alert"' in html
    assert 'value="场地维修"' in html


def test_handing_a_record_to_the_department_it_is_with_claims_nothing(client):
    clerk = enter(client, "department_clerk")
    talent = factories.talent(state="submitted", submitted_at=timezone.now())
    page = address("talents_talent", "hand_over", talent.pk)
    answer = client.post(page, {"department": clerk.department_id}, follow=True)
    assert shown_messages(answer) == [("info", "此前已经处理，这次没有变化。")]
    other = factories.department("trade_union").pk
    answer = client.post(page, {"department": other}, follow=True)
    assert shown_messages(answer) == [("success", "王小敏 的档案已转交。")]


def described(html):
    """Return the ids that aria-describedby names and the ids there are."""
    named = {one for ids in re.findall(r'aria-describedby="([^"]+)"', html) for one in ids.split()}
    return named, set(re.findall(r'id="([^"]+)"', html))


def test_hints_and_errors_are_read_out_with_their_field_and_the_summary_has_the_cursor(
    client,
):
    enter(client, "department_clerk")
    talent = factories.talent(state="submitted", submitted_at=timezone.now())
    pages = [
        address("talents_talent", "send_back", talent.pk),
        address("care_points_servicehours", "add"),
    ]
    for page, wrong in zip(pages, ("reason", "people"), strict=True):
        for html in (client.get(page).content.decode(), client.post(page, {}).content.decode()):
            named, there = described(html)
            assert named and named <= there
        assert re.findall(r"<(\w+)[^>]* autofocus", html) == ["div"]
        assert f'href="#id_{wrong}"' in html
        assert f"id_{wrong}_error" in named


def test_a_group_of_boxes_has_a_legend(client):
    enter(client, "department_clerk")
    talent = factories.talent(state="submitted", submitted_at=timezone.now())
    html = client.get(address("talents_talent", "send_back", talent.pk)).content.decode()
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>\s*常用原因", html)


# --- a number in full, for a reason ---------------------------------------------------------------
def test_only_the_fields_named_can_be_revealed(client):
    enter(client, "department_reviewer")
    talent = factories.talent(phone="14000008387")
    page = address("talents_talent", "reveal", talent.pk)
    choices = client.get(page).context["form"].fields["field"].choices
    assert [value for value, _label in choices] == ["id_number", "phone", "email"]
    answer = client.post(page, {"field": "full_name", "reason": "核对证件复印件"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["field"])
    assert AuditEntry.objects.count() == 0


def test_of_a_single_field_nobody_is_asked_which(client):
    enter(client, "administrator")
    person = factories.user("周敏", phone="13812345678")
    page = address("accounts_user", "reveal", person.pk)
    assert list(client.get(page).context["form"].fields) == ["reason"]
    answer = client.post(page, {"reason": "本人来电核实身份"})
    assert "13812345678" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get().detail == {"field": "phone"}


def test_an_empty_field_is_said_to_be_empty_and_asking_is_on_record(client):
    enter(client, "department_reviewer")
    talent = factories.talent(email=None)
    page = address("talents_talent", "reveal", talent.pk)
    answer = client.post(page, {"field": "email", "reason": "核对证件复印件"})
    assert "未填写" in answer.content.decode()
    assert AuditEntry.objects.get().action == "privacy.reveal"


# --- many rows ------------------------------------------------------------------------------------
def hours(by, talent=None, ago=3):
    now = timezone.now()
    return care_points.record_hours(
        talent=talent or factories.talent(),
        activity="科普讲座",
        starts_at=now - timedelta(days=ago),
        half_hours=2,
        by=by,
        now=now,
    )


def test_each_row_has_a_result_of_its_own(client):
    colleague = factories.staff("department_clerk")
    me = enter(client, "department_clerk", "department_reviewer")
    fresh, mine = hours(colleague), hours(me, factories.talent(full_name="林一一"))
    confirmed = hours(colleague)
    care_points.confirm_hours(hours=confirmed, by=me, now=timezone.now())
    answer = act(client, "care_points_servicehours", "confirm_selected", [fresh, mine, confirmed])
    assert shown_messages(answer) == [
        (
            "error",
            "林一一 · 科普讲座 1 小时 — 时长须由登记人以外的同事确认，请转给同事处理。",
        ),
        ("info", "1 条此前已经处理，这次没有变化。"),
        ("success", "已确认 1 条，其中 1 条积分已到账。"),
    ]
    for row in (fresh, mine, confirmed):
        row.refresh_from_db()
    assert [row.state for row in (fresh, mine, confirmed)] == ["confirmed", "recorded", "confirmed"]


def test_ticking_confirmed_hours_again_claims_nothing(client):
    row = hours(factories.staff("department_clerk"))
    enter(client, "department_reviewer")
    act(client, "care_points_servicehours", "confirm_selected", [row])
    answer = act(client, "care_points_servicehours", "confirm_selected", [row])
    assert shown_messages(answer) == [("info", "1 条此前已经处理，这次没有变化。")]


def test_hours_that_are_refused_already_are_not_refused_again(client):
    row = hours(factories.staff("department_clerk"))
    enter(client, "department_reviewer")
    for reason, level in (("重复登记", "success"), ("再说一遍", "info")):
        answer = act(client, "care_points_servicehours", "refuse_selected", [row], reason=reason)
        assert [kind for kind, _text in shown_messages(answer)] == [level]
    row.refresh_from_db()
    assert row.reason == "重复登记"


def test_a_page_for_many_rows_brings_them_back_with_its_form(client):
    rows = [hours(factories.staff("department_clerk")) for _ in range(2)]
    enter(client, "department_reviewer")
    html = act(client, "care_points_servicehours", "refuse_selected", rows).content.decode()
    carried = re.findall(r'name="_selected_action" value="(\d+)"', html)
    assert sorted(carried) == sorted(str(row.pk) for row in rows)
    assert 'name="action" value="refuse_selected"' in html


def test_a_delivery_that_arrived_is_not_sent_again(client):
    woman = factories.talent().user
    made = [_delivery(woman, state) for state in ("failed", "sent")]
    enter(client, "administrator")
    pages = [
        client.get(address("notices_delivery", "change", one.pk)).content.decode() for one in made
    ]
    assert ["重新发送" in page for page in pages] == [True, False]
    answer = act(client, "notices_delivery", "send_again", made)
    kinds = [kind for kind, _text in shown_messages(answer)]
    assert kinds == ["error", "success"]
    assert shown_messages(answer)[1] == ("success", "已重新排队 1 条。")
    states = Delivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["pending", "sent"]


def _delivery(woman, state):
    now = timezone.now()
    notice = Notice.objects.create(
        recipient=woman,
        kind="talents.verified",
        object_key=state,
        context={"name": "王小敏", "department": {"zh-hans": "妇联", "en": "Federation"}},
        due_at=now,
        created_at=now,
    )
    return Delivery.objects.create(notice=notice, channel="sms", state=state, due_at=now)


def test_a_report_that_is_being_made_is_not_asked_for_again(client):
    enter(client, "administrator")
    month = timezone.localdate().replace(day=1) - timedelta(days=1)
    report = reports.request_monthly(month=month.replace(day=1), by=None, now=timezone.now())
    answer = act(client, "reports_monthlyreport", "build_again", [report])
    assert shown_messages(answer) == [("info", "1 条此前已经处理，这次没有变化。")]


def test_publishing_what_is_published_claims_nothing(client):
    clerk = enter(client, "department_clerk")
    now = timezone.now()
    draft, there = (
        factories.event(starts_at=now + timedelta(days=3), state=state, organiser=clerk)
        for state in ("draft", "published")
    )
    answer = act(client, "events_event", "publish_selected", [draft, there])
    assert shown_messages(answer) == [
        ("success", "已发布 1 场活动。"),
        ("info", "1 条此前已经处理，这次没有变化。"),
    ]


# --- the small parts ------------------------------------------------------------------------------
def test_what_is_recorded_is_noticed_inside_and_around():
    note("nobody.listens")
    with watched() as outer:
        note("a.one")
        with watched() as inner:
            note("a.two")
        assert inner == ["a.two"]
        note("a.three")
    assert outer == ["a.one", "a.two", "a.three"]


def test_a_refusal_finds_its_field_or_stands_above_all():
    class Form(forms.Form):
        name = forms.CharField()

    form = Form({"name": "x"})
    Invalid("wrong", "请改名。", field="name").add_to(form)
    Invalid("wrong", "请改别的。", field="elsewhere").add_to(form)
    Invalid("wrong", "请重来。").add_to(form)
    Invalid("wrong", "请另选。").add_to(form, fallback="name")
    assert form.errors == {"name": ["请改名。", "请另选。"], "__all__": ["请改别的。", "请重来。"]}


def test_columns_show_an_attribute_or_a_function_of_the_row_and_what_stands_for_nothing():
    user = User(full_name="周敏")
    assert column("姓名", "full_name")(None, user) == "周敏"
    assert column("姓名", lambda row: row.full_name[0], ordering="full_name")(None, user) == "周"
    assert column("编号", lambda row: None, empty="未填写")(None, user) == "未填写"


def test_a_state_is_shown_by_its_code_so_that_its_colour_fits_every_language():
    event = factories.event()
    assert state_column({"published": "success"})(None, event) == ("published", "已发布")
    shown = admin.site._registry[type(event)].state_shown
    assert shown.label["published"] == "success"


def test_a_filter_of_one_choice_keeps_all_rows_until_it_is_chosen(rf):
    class Only(OneChoiceFilter):
        title, parameter_name, choice = "甲", "only", ("x", "乙")

        def narrow(self, queryset):
            return queryset.none()

    factories.unit()

    def count(query):
        request = rf.get("/", query)
        shown = Only(request, dict(request.GET.lists()), Unit, None)
        return shown.queryset(request, Unit.objects.all()).count()

    assert [count({}), count({"only": "y"}), count({"only": "x"})] == [1, 1, 0]


@pytest.mark.parametrize(
    ("prefix", "listed", "added", "changed"),
    [("", "活动", "新增活动", "活动"), ("/en", "Events", "Add Event", "Event")],
)
def test_pages_are_called_by_what_they_are_about(client, prefix, listed, added, changed):
    organiser = enter(client, "event_organiser")
    event = factories.event(organiser=organiser)
    pages = [
        address("events_event", "changelist"),
        address("events_event", "add"),
        address("events_event", "change", event.pk),
    ]
    said = [str(client.get(prefix + page).context["title"]) for page in pages]
    assert said == [listed, added, changed]


def test_a_row_that_is_one_event_itself_offers_no_history(client):
    person = factories.user()
    consent = factories.consent(person, "talent_database")
    entry = audit.record("privacy.reveal", person, by=None, at=factories.NOW)
    enter(client, "auditor", "administrator")
    for name, row, offered in (
        ("privacy_consent", consent, False),
        ("privacy_auditentry", entry, False),
        ("accounts_user", person, True),
    ):
        html = client.get(address(name, "change", row.pk)).content.decode()
        assert (address(name, "history", row.pk) in html) is offered, name


# --- no page of the admin is the end of a way ------------------------------------------------------
# Bookings have no page of their own, events and reports buttons of theirs; a list of stations is written out as one.
ELSEWHERE = {
    "care_points.carestation",
    "events.booking",
    "events.event",
    "outreach.choicereport",
    "reports.monthlyreport",
}


def test_what_a_list_does_to_a_ticked_row_the_rows_own_page_offers_too():
    lacking = {
        model._meta.label_lower: sorted(set(one.actions) - set(one.row_actions))
        for model, one in admin.site._registry.items()
        if one.actions and not one.actions_detail and set(one.actions) - set(one.row_actions)
    }
    assert lacking.keys() == ELSEWHERE, lacking


def test_every_search_says_what_it_finds():
    silent = [
        m
        for m, one in admin.site._registry.items()
        if one.search_fields and not one.search_help_text
    ]
    assert silent == []


# Rows come from migrations, or from opening the list.
NEVER_EMPTY = {"accounts.department", "privacy.auditentry"}


def test_an_empty_list_says_where_its_rows_come_from():
    silent = {
        model._meta.label_lower
        for model, one in admin.site._registry.items()
        if isinstance(one, ReadOnly)
        and not one.empty_words
        and type(one).has_add_permission is ReadOnly.has_add_permission
        and not any(isinstance(f, type) and issubclass(f, DefaultFilter) for f in one.list_filter)
    }
    assert silent == NEVER_EMPTY


def test_who_may_only_look_at_an_account_sees_no_column_of_dashes(client):
    person = factories.user("龙若雪", phone="13812345678", phone_verified=True)
    enter(client, "auditor")
    page = client.get(address("accounts_user", "change", person.pk))
    shown = [
        name for _t, options in page.context["adminform"].fieldsets for name in options["fields"]
    ]
    assert shown == ["full_name", "masked_phone", "code", "language", "is_active", "date_joined"]
