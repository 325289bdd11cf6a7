"""Calls and applications as the tests need them."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import connection

from calls import operations, tables
from calls.models import Assignment, Review
from kernel import ids
from tests import factories

DAY = timedelta(days=1)


def draft(now=factories.NOW, stages=("acceptance", "decision"), lines=True, files=False, **fields):
    """Return a draft of the women's federation with three lines: text from the record, text, choice.

    With `files` a fourth takes some, if she likes.
    """
    start = {
        "kind": "honour",
        "measure": 5,
        "title": "三八红旗手推荐",
        "text": "面向一线女性科技人才。",
        "opens_at": now - DAY,
        "closes_at": now + 10 * DAY,
        "sources": ["self"],
        "department": factories.department(),
    }
    call = operations.add_call(fields=start | fields, stages=stages, by=None, now=now)
    if lines:
        line(call, "单位", profile="unit_name", now=now)
        line(call, "主要事迹", limit=20, now=now)
        line(call, "类别", kind="choice", choices=["科研", "教育"], required=False, now=now)
    if files:
        line(call, "附件", kind="file", file_kinds=["pdf"], required=False, now=now)
    return call


def line(call, label, now=factories.NOW, **values):
    """Add one line to the form of a draft; a required text unless said otherwise."""
    start = {"kind": "text", "label": label, "limit": 100}
    return operations.save_field(call=call, values=start | values, by=None, now=now)


REQUIREMENT = {
    "text": "回国未满五年",
    "answered_by": "herself",
    "document": "留创计划实施办法第四条",
    "in_force_from": date(2024, 1, 1),
}


def requirement(call, now=factories.NOW, **values):
    """Add a condition of the self-check to a draft; one she answers herself unless said otherwise."""
    values = REQUIREMENT | values
    return operations.save_requirement(call=call, values=values, by=None, now=now)


def papers(now=factories.NOW, stages=("acceptance", "decision"), identifying=False, **fields):
    """Return a call whose form has a table and a line for files, both required, and takes applications."""
    to = draft(now, stages, lines=False, **fields)
    columns = tables.columns("年份 | 数字\n项目 | 文字 | 10\n结题日期 | 日期")
    line(to, "主持的项目", kind="table", columns=columns, most=3, now=now)
    line(
        to,
        "证明材料",
        kind="file",
        file_kinds=["pdf", "docx", "image"],
        most=2,
        file_mb=1,
        identifying=identifying,
        now=now,
    )
    return operations.open_call(call=to, by=None, now=now)


PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n"
)
ROWS = [["2024", "芯片测试", "2024-12-01"]]


def with_papers(to=None, talent=None, now=factories.NOW, sent=(("证书.pdf", PDF),)):
    """Return an application to a call of `papers`, with a row and files, complete."""
    to = to or papers(now)
    talent = talent or factories.talent(unit=factories.unit())
    mine = operations.start_application(call=to, talent=talent, by=None, now=now)
    table, files = to.fields.all()
    about = {"application": mine, "by": None, "now": now}
    operations.save_answers(answers={table.pk: ROWS}, **about)
    operations.attach_files(field=files, sent=sent, **about)
    return mine


def attached(mine, now=factories.NOW):
    """Return a file that was put to the first line for files of an application that is being filled in."""
    field = mine.call.fields.filter(kind="file").first()
    sent = [("证书.pdf", PDF)]
    given = {"application": mine, "field": field, "sent": sent}
    return operations.attach_files(**given, by=None, now=now)[0]


def call(now=factories.NOW, **fields):
    """Return a call that takes applications."""
    return operations.open_call(call=draft(now, **fields), by=None, now=now)


def begun(to=None, talent=None, now=factories.NOW):
    """Return an application that is being filled in, complete."""
    to = to or call(now)
    talent = talent or factories.talent(unit=factories.unit())
    application = operations.start_application(call=to, talent=talent, by=None, now=now)
    answers = {one.pk: "在一线攻关三年" for one in to.fields.filter(label__in=("单位", "主要事迹"))}
    return operations.save_answers(application=application, answers=answers, by=None, now=now)


def handed_in(to=None, talent=None, now=factories.NOW):
    """Return an application that was handed in."""
    return operations.submit_application(application=begun(to, talent, now), by=None, now=now)


def accepted(to=None, talent=None, now=factories.NOW):
    """Return an application that was accepted."""
    return operations.accept_application(application=handed_in(to, talent, now), by=None, now=now)


def over(application):
    """Return a moment at which the call of an application takes none any more."""
    return application.call.closes_at + timedelta(seconds=1)


GROUNDS = "二十年扎根一线，带出十五名青年技师。"
ENDORSED = ("endorsement", "acceptance", "decision")


def contact(unit):
    """Return somebody who speaks for a unit."""
    person = factories.user("冯若竹", unit=unit)
    person.groups.add(Group.objects.get(name="unit_contact"))
    return person


def nomination(to=None, talent=None, unit=None, by=None, now=factories.NOW):
    """Return that a woman is brought forward, by a person or her unit."""
    to = to or call(now, sources=["self", "unit", "third"])
    talent = talent or factories.talent(unit=factories.unit())
    return operations.nominate(
        call=to,
        unit=unit,
        full_name=talent.full_name,
        phone=talent.user.phone,
        reason=GROUNDS,
        by=by or (contact(unit) if unit else factories.user("林推荐")),
        now=now,
    )


def to_endorse(to=None, talent=None, now=factories.NOW):
    """Return an application that waits for the word of its unit."""
    return handed_in(to or call(now, stages=ENDORSED), talent, now)


def colleague(application=None, role="editor", by=None, now=factories.NOW):
    """Return that a colleague has accepted to write an application with her."""
    application = application or begun(now=now)
    row = operations.invite_colleague(application=application, role=role, by=None, now=now)
    person = by or factories.user("陈同事")
    return operations.accept_invitation(colleague=row, by=person, now=now)


def endorsed(to=None, talent=None, now=factories.NOW):
    """Return an application its unit stands for."""
    row = to_endorse(to, talent, now)
    return operations.endorse_application(application=row, by=None, now=now)


NOTICE = {
    "authority": "两江新区妇联",
    "text": "经评审，拟推荐以下人选，现予公示。",
    "contact": "023-0000-0000",
}
NOTICE_STAGES = ("acceptance", "public_notice", "decision")


def noted(count, at, **fields):
    """Return a call that closed the day before `at` and `count` applications noted as selected, in their order."""
    begin = at - 10 * DAY
    to = call(begin, stages=NOTICE_STAGES, closes_at=at - DAY, **fields)
    unit = factories.unit()
    names = [f"林{'一二三四五'[n]}" for n in range(count)]
    rows = [
        accepted(to, factories.talent(full_name=f"林晓{name[1]}", unit=unit), begin)
        for name in names
    ]
    for row in rows:
        operations.decide_application(application=row, result="awarded", by=None, now=at)
        row.refresh_from_db()
    to = close(to, at)
    return to, rows


def close(to, at):
    """Note that the deadline of a call is over."""
    return operations.close_call(call=to, by=None, now=at)


def notice_draft(to, at, fields=(), **values):
    """Return a drafted public notice of a call."""
    return operations.draft_notice(call=to, values=NOTICE | values, fields=fields, by=None, now=at)


def notice(to, at, fields=(), **values):
    """Return a public notice of a call that runs."""
    drafted = notice_draft(to, at, fields, **values)
    return operations.start_notice(notice=drafted, by=None, now=at)


def objection(to, at, entry=None, **values):
    """Return an objection to a notice, by name."""
    start = {
        "text": "申报材料里的专利不是她的，专利号 2020。",
        "name": "陈同事",
        "contact": "13800000000",
        "key": ids.code(20),
    }
    return operations.file_objection(notice=to, entry=entry, **start | values, now=at)


@contextmanager
def broken(row, column):
    """Have the database refuse, while the block lasts, to change a column of one row."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION SQLSTATE '22012'; END $$;
            CREATE TRIGGER breaks BEFORE UPDATE OF {column} ON {table}
            FOR EACH ROW WHEN (NEW.id = {row.pk}) EXECUTE FUNCTION breaks()"""
        )
        yield
        cursor.execute(f"DROP TRIGGER breaks ON {table}; DROP FUNCTION breaks()")


# --- reviews ---------------------------------------------------------------------------------------
STAGES = ("acceptance", "blind_scoring", "decision")
AFTER = factories.NOW + 11 * DAY  # the calls of `reviewed` take nothing any more


def review(
    now=factories.NOW,
    stages=STAGES,
    applications=2,
    panel=3,
    criteria=(("创新性", 100, 1),),
    seats=(),
    **fields,
):
    """Return a review being prepared: criteria, panel and accepted applications, its call closed at `now` + 11 days."""
    to = call(now, stages=stages, **fields)
    found = Review.objects.get(stage__call=to, stage__kind__in=("blind_scoring", "panel"))
    for name, most, weight in criteria:
        values = {"name": name, "most": most, "weight": weight}
        operations.save_criterion(review=found, values=values, by=None, now=now)
    for _each in range(applications):
        accepted(to, now=now)
    for _each in range(panel):
        seat(found, now=now)
    for talent in seats:
        seat(found, talent, now)
    settings = {"least": min(panel, 3) or 1, "due_at": now + 20 * DAY}
    return operations.edit_review(review=found, values=settings, by=None, now=now)


def seat(review, talent=None, now=factories.NOW):
    """Put a woman of the database on a panel; she has a unit nobody else has."""
    talent = talent or factories.talent(full_name="陈评", unit=factories.unit())
    return operations.add_reviewer(review=review, person={"talent": talent}, by=None, now=now)


def judging(found=None, at=None, **fields):
    """Return a review whose panel is at work."""
    found = found or review(**fields)
    at = at or found.call.closes_at + DAY
    operations.distribute(review=found, by=None, now=at)
    return operations.start_judging(review=found, by=None, now=at)


def opened(sheet, at=None):
    """Return a sheet whose reviewer has declared and opened it."""
    sheet = Assignment.objects.get(pk=sheet.pk)
    at = at or sheet.candidate.review.judging_since
    answers = {one.pk: ("", "") for one in sheet.reviewer.assignments.standing()}
    operations.declare_interests(reviewer=sheet.reviewer, answers=answers, by=None, now=at)
    return operations.open_file(assignment=sheet, by=None, now=at)


def scored(found, points, at=None):
    """Let everybody hand in: `points` is {(reviewer's place, candidate's number): points} for every criterion."""
    found = Review.objects.get(pk=found.pk)
    at = at or found.judging_since
    panel = list(found.reviewers.standing().order_by("pk"))
    for sheet in Assignment.objects.standing().filter(candidate__review=found):
        opened(sheet, at)
        value = points[panel.index(sheet.reviewer), sheet.candidate.number]
        scores = {one.pk: (Decimal(value), "有依据") for one in found.criteria.all()}
        operations.save_scores(assignment=sheet, scores=scores, by=None, now=at)
    for reviewer in (one for one in panel if one.assignments.standing().exists()):
        operations.hand_in(reviewer=reviewer, by=None, now=at)
    return Review.objects.get(pk=found.pk)


def review_of(to, at):
    """Return the review of a call whose deadline is over, one reviewer at work on what was accepted."""
    close(to, at)
    found = Review.objects.get(stage__call=to)
    values = {"name": "创新性", "most": 100, "weight": 1}
    operations.save_criterion(review=found, values=values, by=None, now=at)
    seat(found, now=at)
    settings = {"least": 1, "due_at": at + 20 * DAY}
    found = operations.edit_review(review=found, values=settings, by=None, now=at)
    return judging(found, at)


# --- after an award --------------------------------------------------------------------------------
REPORT = {
    "kind": "report",
    "title": "出访报告",
    "wanted": "写清楚去了哪里、做了什么。",
    "days": 60,
    "limit": 50,
}
PAYMENT = {
    "kind": "payment",
    "title": "报销旅费",
    "days": 30,
    "counted_from": "before",
    "needs_before": True,
    "amount": Decimal("8000.00"),
}


def step(to, now=factories.NOW, **values):
    """Lay down one more step of a draft; a report unless said otherwise."""
    return operations.save_step(call=to, values=REPORT | values, by=None, now=now)


def with_steps(now=factories.NOW, steps=(REPORT, PAYMENT), **fields):
    """Return a call that takes applications and has steps behind its results."""
    to = draft(now, **fields)
    for values in steps:
        operations.save_step(call=to, values=values, by=None, now=now)
    return operations.open_call(call=to, by=None, now=now)


def awarded(to=None, talent=None, now=factories.NOW):
    """Return an application that is noted as selected; its call has steps."""
    row = accepted(to or with_steps(now), talent, now)
    return operations.decide_application(application=row, result="awarded", by=None, now=now)


def dues(at=factories.NOW, steps=(REPORT, PAYMENT), talent=None, **fields):
    """Return what is due of one application, in order; its results were told at `at`, a day after the call closed."""
    begin = at - 20 * DAY
    row = awarded(with_steps(begin, steps, closes_at=at - DAY, **fields), talent, begin)
    operations.conclude_call(call=row.call, by=None, now=at)
    return list(row.dues.select_related("step", "application__call__department"))


def reserve(at=factories.NOW, **fields):
    """Return an application that was selected and one on reserve, their results told at `at`."""
    begin = at - 20 * DAY
    to = with_steps(begin, closes_at=at - DAY, **fields)
    rows = [accepted(to, now=begin) for _each in range(2)]
    for row, result in zip(rows, ("awarded", "reserve"), strict=True):
        operations.decide_application(application=row, result=result, by=None, now=begin)
    operations.conclude_call(call=to, by=None, now=at)
    for row in rows:
        row.refresh_from_db()
    return rows


def due_in(due, at=factories.NOW, text="去了三个城市，谈成两项合作。"):
    """Return a report that was handed in."""
    operations.write_due(due=due, text=text, by=None, now=at)
    return operations.hand_in_due(due=due, by=None, now=at)


def paid(at=factories.NOW):
    """Return an instalment that is noted as paid; its report is accepted."""
    report, payment = dues(at)
    operations.accept_due(due=due_in(report, at), by=None, now=at)
    operations.pay_due(due=payment, **PAID, by=None, now=at)
    payment.refresh_from_db()
    return payment


PAID = {"amount": Decimal("8000.00"), "paid_on": factories.NOW.date(), "reference": "记字第12号"}


def advantage(now=factories.NOW, **values):
    """Return an advantage of a unit that holds for a year from today."""
    start = {
        "kind": "return-fund",
        "words": "设有返岗科研基金",
        "measure": 8,
        "first_day": now.date(),
        "last_day": now.date() + 365 * DAY,
        "source": "返岗科研基金备案表",
        "department": factories.department(),
    }
    if "talent" not in values:
        start["unit"] = factories.unit()
    return operations.register_advantage(**start | values, by=None, now=now)
