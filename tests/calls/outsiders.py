"""One call of every operation, for tests/test_rights.py."""

from decimal import Decimal

from calls import operations
from calls.models import Advantage, Assignment, Due
from kernel.sweeps import MOST_FAILURES
from tests import factories
from tests.calls import make
from tests.rights import call

DAY = make.DAY
NOW = factories.NOW
PAST = NOW - 12 * DAY  # the calls of reviews are over by now


def clerk(given=None):
    """Return a clerk of the department that leads."""
    return factories.staff("department_clerk")


def elsewhere():
    """Return a reviewer of another call."""
    return make.judging(now=PAST, panel=1, applications=1).reviewers.get().user


JUDGES = {"a reviewer of another call": elsewhere}
REASON = "出差在外，不能按时评"


def _judge(given):
    return given["assignment"].reviewer.user


def make_sheet(**fields):
    """Return a sheet of a review whose panel is at work."""
    return Assignment.objects.filter(candidate__review=make.judging(now=PAST, **fields)).first()


def _sheet():
    return make_sheet()


def _person():
    return {"talent": factories.talent(unit=factories.unit())}


def _herself(given):
    return given["application"].talent.user


def _owner(given):
    return given["attachment"].application.talent.user


def _sent():
    mine = make.begun(make.call(files=True))
    field = mine.call.fields.get(kind="file")
    return {"application": mine, "field": field, "sent": [("证书.pdf", make.PDF)]}


def _attached():
    return {"attachment": make.attached(make.begun(make.call(files=True)))}


def _read_in_review():
    review = make.review(PAST, panel=1, applications=0, files=True)
    mine = make.begun(review.call, now=PAST)
    file = make.attached(mine, PAST)
    operations.submit_application(application=mine, by=None, now=PAST)
    operations.accept_application(application=mine, by=None, now=PAST)
    sheet = make.judging(review).candidates.get().assignments.get()
    return {"assignment": make.opened(sheet), "code": file.code}


def _with_one_line():
    return make.draft().fields.last()


def _fields():
    return {
        "kind": "fund",
        "measure": 8,
        "title": "返岗基金",
        "text": "返岗一年以内。",
        "opens_at": NOW,
        "closes_at": NOW + DAY,
        "sources": ["self"],
        "department": factories.department(),
    }


def _drafted():
    return {"notice": make.notice_draft(make.noted(1, at=NOW)[0], NOW)}


def _begun():
    return {"notice": make.notice(make.noted(1, at=NOW)[0], NOW)}


def _suspended():
    given = _begun()
    return {"notice": operations.suspend_notice(**given, reason="核实情况", by=None, now=NOW)}


def _set_aside():
    notice = _begun()["notice"]
    notice.sweep_failures = MOST_FAILURES
    notice.save()
    return {"row": notice}


def _objected():
    return {"objection": make.objection(_begun()["notice"], NOW)}


def _contact(unit):
    return make.contact(unit)


def _of_her_unit(given):
    return make.contact(given["application"].talent.unit)


def _named_woman(given):
    return given["talent"].user


def _answering():
    nomination = make.nomination()
    return {"nomination": nomination, "talent": nomination.talent}


SPEAK_ELSEWHERE = {"a contact of another unit": lambda: make.contact(factories.unit())}


def _selected():
    return make.dues()[0].application.talent.user


SELECTED = {"another who was selected": _selected}
OTHERS = SELECTED | {"the clerk": clerk}


def _whose_due(given):
    return given["due"].application.talent.user


def _whose_file(given):
    return given["file"].due.application.talent.user


def _with_two_steps():
    draft = make.draft()
    make.step(draft, title="甲")
    return make.step(draft, title="乙")


def _written():
    return operations.write_due(due=make.dues()[0], text="去了三个城市", by=None, now=NOW)


def _due_file():
    sent = [("行程.pdf", make.PDF)]
    return operations.attach_to_due(due=make.dues()[0], sent=sent, by=None, now=NOW)[0]


def _due_in():
    return {"due": make.due_in(make.dues()[0])}


def _accepted():
    return operations.accept_due(**_due_in(), by=None, now=NOW)


def _to_pay():
    report, payment = make.dues()
    operations.accept_due(due=make.due_in(report), by=None, now=NOW)
    return payment


def _soon():
    return make.dues(steps=(make.REPORT | {"days": 5},))[0]


def _due_set_aside():
    due = make.dues()[0]
    due.sweep_failures = MOST_FAILURES
    due.save()
    return due


def _all_dues():
    return Due.objects.filter(application=make.dues()[0].application)


def _to_register():
    return {
        "kind": "return-fund",
        "words": "设有返岗科研基金",
        "measure": 8,
        "unit": factories.unit(),
        "first_day": NOW.date(),
        "last_day": (NOW + 99 * DAY).date(),
        "source": "备案表",
    }


def _ended():
    row = make.advantage()
    return operations.end_advantage(advantage=row, reason="基金已撤销", by=None, now=NOW)


def _all_advantages():
    return Advantage.objects.filter(pk=make.advantage().pk)


CALLS = (
    call(
        operations.add_call,
        lambda: {"fields": _fields(), "stages": ("acceptance", "decision")},
        insider=clerk,
    ),
    call(
        operations.edit_call,
        lambda: {"call": make.draft(), "fields": {"title": "新标题"}},
        insider=clerk,
    ),
    call(
        operations.copy_call,
        lambda: {"call": make.call(), "opens_at": NOW + DAY, "closes_at": NOW + 9 * DAY},
        insider=clerk,
    ),
    call(
        operations.save_field,
        lambda: {"call": make.draft(), "values": {"kind": "date", "label": "出生年月"}},
        insider=clerk,
    ),
    call(operations.move_field, lambda: {"field": _with_one_line(), "up": True}, insider=clerk),
    call(operations.remove_field, lambda: {"field": _with_one_line()}, insider=clerk),
    call(operations.open_call, lambda: {"call": make.draft()}, insider=clerk),
    call(operations.unpublish_call, lambda: {"call": make.call()}, insider=clerk),
    call(
        operations.extend_call,
        lambda: {"call": make.call(), "closes_at": NOW + 20 * DAY},
        insider=clerk,
    ),
    call(
        operations.close_call,
        lambda: {"call": make.call(NOW - 20 * DAY)},
        insider=clerk,
    ),
    call(
        operations.cancel_call,
        lambda: {"call": make.call(), "reason": "改到明年举行"},
        insider=clerk,
    ),
    call(
        operations.conclude_call,
        lambda: {"call": _to_conclude()},
        insider=clerk,
    ),
    call(
        operations.start_application,
        lambda: {"call": make.call(), "talent": factories.talent()},
        insider=lambda given: given["talent"].user,
    ),
    call(
        operations.save_answers,
        lambda: _answers(make.begun()),
        insider=_herself,
    ),
    call(operations.attach_files, _sent, insider=_herself),
    call(
        operations.detach_file,
        _attached,
        insider=_owner,
    ),
    call(operations.read_file, _attached, insider=_owner, reads_only=True),
    call(operations.read_reviewed, _read_in_review, insider=_judge, others=JUDGES, reads_only=True),
    call(
        operations.describe_subject,
        lambda: {"application": make.begun(), "values": {"is_leader": True}},
        insider=_herself,
    ),
    call(
        operations.nominate,
        lambda: {
            "call": make.call(sources=["unit"]),
            "unit": factories.unit(),
            "full_name": "林晓",
            "phone": "13912345678",
            "reason": "二十年扎根一线，带出十五名青年技师。",
        },
        insider=lambda given: _contact(given["unit"]),
        others=SPEAK_ELSEWHERE,
    ),
    call(
        operations.take_nomination_back,
        lambda: {"nomination": make.nomination()},
        insider=lambda given: given["nomination"].nominator,
        others=SPEAK_ELSEWHERE,
    ),
    call(operations.agree_to_nomination, lambda: _answering(), insider=_named_woman),
    call(operations.decline_nomination, lambda: _answering(), insider=_named_woman),
    call(
        operations.endorse_application,
        lambda: {"application": make.to_endorse()},
        insider=_of_her_unit,
        others=SPEAK_ELSEWHERE,
    ),
    call(
        operations.decline_application,
        lambda: {"application": make.to_endorse(), "reason": "考核年限不够"},
        insider=_of_her_unit,
        others=SPEAK_ELSEWHERE,
    ),
    call(
        operations.undo_opinion,
        lambda: {"application": make.endorsed()},
        insider=_of_her_unit,
        others=SPEAK_ELSEWHERE,
    ),
    call(
        operations.invite_colleague,
        lambda: {"application": make.begun(), "role": "editor"},
        insider=_herself,
    ),
    call(
        operations.accept_invitation,
        lambda: {
            "colleague": operations.invite_colleague(
                application=make.begun(), role="editor", by=None, now=NOW
            )
        },
        insider=lambda given: factories.user("陈同事"),
        open_to=("another woman", "staff without rights"),
    ),
    call(
        operations.end_colleague,
        lambda: {"colleague": make.colleague()},
        insider=lambda given: given["colleague"].application.talent.user,
    ),
    call(operations.submit_application, lambda: {"application": make.begun()}, insider=_herself),
    call(operations.withdraw_application, lambda: {"application": make.begun()}, insider=_herself),
    call(operations.accept_application, lambda: {"application": make.handed_in()}, insider=clerk),
    call(operations.return_application, lambda: _returned(make.handed_in()), insider=clerk),
    call(
        operations.refuse_application,
        lambda: {"application": make.handed_in(), "reason": "不在两江新区工作"},
        insider=clerk,
    ),
    call(operations.undo_check, lambda: {"application": make.accepted()}, insider=clerk),
    call(
        operations.decide_application,
        lambda: {"application": make.accepted(), "result": "awarded"},
        insider=clerk,
    ),
    call(
        operations.draft_notice,
        lambda: {"call": make.noted(1, at=NOW)[0], "values": make.NOTICE},
        insider=clerk,
    ),
    call(operations.edit_notice, lambda: _drafted() | {"values": {"text": "改"}}, insider=clerk),
    call(operations.discard_notice, _drafted, insider=clerk),
    call(operations.start_notice, _drafted, insider=clerk),
    call(operations.suspend_notice, lambda: _begun() | {"reason": "核实情况"}, insider=clerk),
    call(operations.resume_notice, _suspended, insider=clerk),
    call(operations.withdraw_notice, lambda: _begun() | {"reason": "名单有误"}, insider=clerk),
    call(operations.end_notice, _begun, insider=clerk),
    call(operations.end_again, _set_aside, insider=clerk),
    call(
        operations.decide_objection,
        lambda: _objected() | {"upheld": False, "answer": "经核实不成立"},
        insider=clerk,
    ),
    call(operations.reopen_objection, _objected, insider=clerk),
    call(
        operations.move_up,
        lambda: {"application": make.reserve()[1], "reason": "入选的人放弃了"},
        insider=clerk,
    ),
    # --- the self-check ---
    call(
        operations.save_requirement,
        lambda: {"call": make.draft(), "values": make.REQUIREMENT},
        insider=clerk,
    ),
    call(
        operations.move_requirement_up,
        lambda: {"requirement": make.requirement(make.draft())},
        insider=clerk,
    ),
    call(
        operations.remove_requirement,
        lambda: {"requirement": make.requirement(make.draft())},
        insider=clerk,
    ),
    # --- after an award ---
    call(
        operations.save_step,
        lambda: {"call": make.draft(), "values": make.REPORT},
        insider=clerk,
    ),
    call(operations.move_step_up, lambda: {"step": _with_two_steps()}, insider=clerk),
    call(operations.remove_step, lambda: {"step": _with_two_steps()}, insider=clerk),
    call(
        operations.write_due,
        lambda: {"due": make.dues()[0], "text": "去了三个城市"},
        insider=_whose_due,
        others=OTHERS,
    ),
    call(
        operations.attach_to_due,
        lambda: {"due": make.dues()[0], "sent": [("行程.pdf", make.PDF)]},
        insider=_whose_due,
        others=OTHERS,
    ),
    call(operations.detach_from_due, lambda: {"file": _due_file()}, insider=_whose_file),
    call(
        operations.read_due_file,
        lambda: {"file": _due_file()},
        insider=_whose_file,
        others={"another who was selected": _selected},
        reads_only=True,
    ),
    call(operations.hand_in_due, lambda: {"due": _written()}, insider=_whose_due, others=OTHERS),
    call(operations.withdraw_due, _due_in, insider=_whose_due, others=OTHERS),
    call(operations.accept_due, _due_in, insider=clerk, others=SELECTED),
    call(
        operations.return_due,
        lambda: _due_in() | {"lacking": "写明日期", "due_on": (NOW + 9 * DAY).date()},
        insider=clerk,
        others=SELECTED,
    ),
    call(
        operations.extend_due,
        lambda: {"due": make.dues()[0], "due_on": (NOW + 99 * DAY).date()},
        insider=clerk,
        others=SELECTED,
    ),
    call(
        operations.waive_due,
        lambda: {"due": make.dues()[0], "reason": "行程取消了"},
        insider=clerk,
        others=SELECTED,
    ),
    call(
        operations.reopen_due,
        lambda: {"due": _accepted(), "reason": "点错了一份"},
        insider=clerk,
        others=SELECTED,
    ),
    call(
        operations.pay_due,
        lambda: {"due": _to_pay(), **make.PAID},
        insider=clerk,
        others=SELECTED,
    ),
    call(
        operations.correct_payment,
        lambda: {
            "due": make.paid(),
            **make.PAID,
            "amount": Decimal("7000"),
            "reason": "按实报销",
        },
        insider=clerk,
        others=SELECTED,
    ),
    call(
        operations.take_payment_back,
        lambda: {"due": make.paid(), "reason": "没有拨付"},
        insider=clerk,
        others=SELECTED,
    ),
    call(operations.remind_due, lambda: {"due": _soon()}, others=SELECTED | {"the clerk": clerk}),
    call(operations.try_reminding_again, lambda: {"row": _due_set_aside()}, insider=clerk),
    call(
        operations.export_dues,
        lambda: {"rows": _all_dues()},
        insider=clerk,
        open_to=("staff elsewhere",),  # who gets none of these
    ),
    # --- advantages ---
    call(
        operations.register_advantage,
        _to_register,
        insider=clerk,
        open_to=("staff elsewhere",),  # for their own department
    ),
    call(
        operations.end_advantage,
        lambda: {"advantage": make.advantage(), "reason": "基金已撤销"},
        insider=clerk,
    ),
    call(operations.undo_end_advantage, lambda: {"advantage": _ended()}, insider=clerk),
    call(
        operations.export_advantages,
        lambda: {"rows": _all_advantages()},
        insider=clerk,
        open_to=("staff elsewhere",),  # who leads a call reads them all
    ),
    call(operations.take_export, lambda: {"call": make.call()}, insider=clerk),
    call(operations.export_fairness, lambda: {"calls": [make.call()]}, insider=clerk),
    # --- reviews: staff ---
    call(
        operations.edit_review,
        lambda: {"review": make.review(), "values": {"outlier_points": 30}},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.save_criterion,
        lambda: {"review": make.review(), "values": {"name": "可行性", "most": 10, "weight": 1}},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.remove_criterion,
        lambda: {"criterion": make.review().criteria.get()},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.add_reviewer,
        lambda: {"review": make.review(), "person": _person()},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.remove_reviewer,
        lambda: {"reviewer": make.review().reviewers.first()},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.replace_reviewer,
        lambda: {
            "reviewer": make.judging(now=PAST).reviewers.first(),
            "person": _person(),
            "reason": REASON,
        },
        insider=clerk,
        others=JUDGES,
    ),
    call(operations.distribute, lambda: {"review": make.review()}, insider=clerk, others=JUDGES),
    call(operations.assign, lambda: _to_assign(), insider=clerk, others=JUDGES),
    call(
        operations.withdraw_assignment,
        lambda: {"assignment": _sheet(), "reason": REASON},
        insider=clerk,
        others=JUDGES,
    ),
    call(operations.reassign, lambda: _to_reassign(), insider=clerk, others=JUDGES),
    call(operations.start_judging, lambda: {"review": _to_start()}, insider=clerk, others=JUDGES),
    call(
        operations.undo_start,
        lambda: {"review": make.judging(now=PAST)},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.reopen_scores,
        lambda: {"assignment": _handed_in(), "reason": REASON},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.undo_recusal,
        lambda: {"assignment": _recused(), "reason": REASON},
        insider=clerk,
        others=JUDGES,
    ),
    call(
        operations.remind_reviewer,
        lambda: {"reviewer": make.judging(now=PAST).reviewers.first()},
        insider=clerk,
        others=JUDGES,
    ),
    call(operations.fix_ranking, lambda: {"review": _judged()}, insider=clerk, others=JUDGES),
    call(
        operations.unfix_ranking,
        lambda: {"review": _ranked(), "reason": REASON},
        insider=clerk,
        others=JUDGES,
    ),
    call(operations.take_scores, lambda: {"review": make.review()}, insider=clerk, others=JUDGES),
    # --- reviews: the reviewer herself, and nobody of the staff ---
    call(
        operations.declare_interests,
        lambda: {"reviewer": make.judging(now=PAST).reviewers.first(), "answers": {}},
        insider=lambda given: given["reviewer"].user,
        others=JUDGES | {"the clerk": clerk},
    ),
    call(
        operations.open_file,
        lambda: {"assignment": make.opened(_sheet())},
        insider=_judge,
        others=JUDGES | {"the clerk": clerk},
    ),
    call(
        operations.declare_recognised,
        lambda: {"assignment": make.opened(_sheet()), "kind": "other"},
        insider=_judge,
        others=JUDGES | {"the clerk": clerk},
    ),
    call(
        operations.save_scores,
        lambda: _typed(make.opened(_sheet())),
        insider=_judge,
        others=JUDGES | {"the clerk": clerk},
    ),
    call(
        operations.hand_in,
        lambda: {"reviewer": _finished()},
        insider=lambda given: given["reviewer"].user,
        others=JUDGES | {"the clerk": clerk},
    ),
)


def _to_assign():
    review = make.review(now=PAST, applications=1)
    operations.distribute(review=review, by=None, now=NOW)
    return {"candidate": review.candidates.get(), "reviewer": make.seat(review)}


def _to_reassign():
    review = make.review(now=PAST, applications=1)
    spare = make.seat(review)
    judging = make.judging(review)
    sheets = Assignment.objects.filter(candidate__review=judging)
    free = review.reviewers.exclude(pk__in=sheets.values("reviewer")).first() or spare
    return {"assignment": sheets.first(), "reviewer": free, "reason": REASON}


def _to_start():
    review = make.review(now=PAST)
    operations.distribute(review=review, by=None, now=NOW)
    return review


def _judged():
    return make.scored(make.judging(now=PAST, applications=1, panel=1), {(0, 1): 80})


def _ranked():
    return operations.fix_ranking(review=_judged(), by=None, now=NOW)


def _handed_in():
    return Assignment.objects.get(candidate__review=_judged())


def _recused():
    sheet = make.opened(_sheet())
    return operations.declare_recognised(assignment=sheet, kind="kin", by=None, now=NOW)


def _typed(sheet):
    criterion = sheet.candidate.review.criteria.get()
    return {"assignment": sheet, "scores": {criterion.pk: (Decimal(80), "有依据")}}


def _finished():
    sheet = make.opened(make_sheet(applications=1, panel=1))
    operations.save_scores(**_typed(sheet), by=None, now=NOW)
    return sheet.reviewer


def _to_conclude():
    call = make.call(NOW - 20 * DAY)
    application = make.accepted(call, now=NOW - 19 * DAY)
    operations.decide_application(
        application=application, result="awarded", by=None, now=NOW - 18 * DAY
    )
    return call


def _answers(application):
    line = application.call.fields.get(label="主要事迹")
    return {"application": application, "answers": {line.pk: "改了一句"}}


def _returned(application):
    line = application.call.fields.get(label="主要事迹")
    return {
        "application": application,
        "items": {line: "请写明年份"},
        "due_at": NOW + 15 * DAY,
    }
