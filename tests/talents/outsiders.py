"""One call of every operation, for tests/test_rights.py."""

import io
from datetime import timedelta

from kernel.sweeps import MOST_FAILURES
from talents import finding, operations
from talents.asking import operations as being_asked
from talents.career import confirming
from talents.career import operations as career
from talents.erasure import operations as erasure
from talents.exports import operations as exports
from talents.exports.running import work as write_export
from talents.imports import operations as imports
from talents.imports import running, unknown_units
from talents.models import Pair, Talent
from talents.public import operations as public_page
from tests import factories
from tests.factories import NOW
from tests.rights import call
from tests.talents.imports import workbooks
from tests.talents.test_operations import PERSON, filled, submitted

ENGLISH = {"name": "英语", "sort": "fluent"}


def ready_to_hand_in():
    """Return a record with nothing missing and her consent."""
    person = factories.user()
    factories.consent(person, "talent_database")
    return filled(person)


def returned():
    """A record that was given back to its woman."""
    why = {"reason": "请补充单位全称", "by": None, "now": NOW}
    return operations.return_with_reason(talent=submitted(), **why)


def verified():
    """A record a clerk has just taken in."""
    return operations.verify(talent=submitted(), tier="", by=None, now=NOW)


def asking():
    """Return what `ask_for_record` takes."""
    person = factories.user()
    factories.consent(person, "talent_database")
    return {"user": person, "full_name": person.full_name}


def claimed():
    """Return a claim that waits, of a record whose phone she does not have."""
    reported = factories.talent(user=None, phone="14000006666", source="import")
    return operations.ask_for_record(**asking(), phone=reported.phone, by=None, now=NOW)


def with_code():
    """Return what `prove_claim` takes."""
    claim = claimed()
    return {"claim": claim, "code": claim.code}


def granted():
    """Return a claim a clerk has granted."""
    claim = claimed()
    return operations.grant_claim(claim=claim, talent=claim.talent, by=None, now=NOW)


def later_code():
    """Return what `send_code_again` takes, a minute after the first one went."""
    claim = claimed()
    claim.code_sent_at = NOW - timedelta(minutes=2)
    claim.save()
    return {"claim": claim}


def to_grant():
    """Return what `grant_claim` takes."""
    claim = claimed()
    return {"claim": claim, "talent": claim.talent}


def two(**fields):
    """Return a record she handed in and one a unit reported of her."""
    return submitted(), factories.talent(user=None, source="import", **fields)


def to_merge():
    """Return what `merge_records` takes."""
    lose, keep = two()
    return {"keep": keep, "lose": lose, "reason": "电话核实是同一人"}


def merged():
    """Return what `undo_merge` takes."""
    merge = operations.merge_records(**to_merge(), by=None, now=NOW)
    return {"merge": merge, "reason": "经核对不是同一人"}


def pair(**fields):
    """Return two records that look alike."""
    lose, keep = two()
    first, second = sorted((lose.pk, keep.pk))
    return Pair.objects.create(
        first_id=first, second_id=second, reasons=["sound"], weight=1, found_at=NOW, **fields
    )


def endorsed():
    """Return a record whose unit stands for her."""
    talent = factories.talent(unit=factories.unit())
    operations.endorse(talent=talent, reason="盖章的推荐表", by=None, now=NOW)
    return talent


def herself(arguments):
    """Return the woman who asks."""
    return arguments["claim"].user


def proposal():
    """Return a change of a verified identity that waits for a clerk."""
    person = factories.talent().user
    change = {"user": person, "step": 1, "values": {"full_name": "王晓敏"}}
    return operations.open_proposal(operations.save_step(**change, by=person, now=NOW))


def form():
    """Return what `upload` takes: a list with a good and a refused row."""
    rows = workbooks.form(workbooks.person(), workbooks.person(name=None))
    return {
        "file_name": "form.xlsx",
        "data": rows.getvalue(),
        "department": factories.department(),
    }


def previewed():
    """Return a run that waits for its confirmation."""
    run = imports.upload(**form(), by=None, now=NOW)
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def visible(talent):
    """Return the rows of one talent."""
    return Talent.objects.filter(pk=talent.pk)


def export(*, done=False):
    """Return a long list somebody asked for, and the worker has written where it is `done`."""
    rows, by = visible(factories.talent()), factories.staff("department_clerk")
    order = exports.order_export(rows=rows, by=by, now=NOW, reason="报送年度统计")
    if done:
        write_export(order.pk, clock=lambda: NOW)
        order.refresh_from_db()
    return order


def asker(given):
    """Return who asked for the list."""
    return given["export"].by


def differing():
    """Return what `choose` takes: a run with two rows of one person that disagree."""
    people = workbooks.person(), workbooks.person(position="所长")
    data = workbooks.form(*people).getvalue()
    run = imports.upload(
        file_name="a.xlsx", data=data, department=factories.department(), by=None, now=NOW
    )
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    return {"run": run, "number": 2, "names": ["position"]}


def imported():
    """Return a run that is written."""
    run = previewed()
    imports.confirm(run=run, by=None, now=NOW)
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def clerk(arguments):
    """Return a clerk of the department."""
    return factories.staff("department_clerk")


def entry_to_save():
    """Return what `save_entry` takes of herself."""
    return {"talent": factories.talent(), "kind": "language", "values": ENGLISH}


def entry(**fields):
    """Return an entry of somebody's career."""
    return career.save_entry(**entry_to_save(), by=None, now=NOW, reason="由单位提供")


def deleted_entry():
    """Return one that was deleted."""
    return career.delete_entry(entry=entry(), by=None, now=NOW)


def proved():
    """Return one with a file."""
    return career.save_entry(
        talent=factories.talent(),
        kind="title",
        values={"name": "高级工程师", "sort": "associate_senior"},
        evidence=("证书.pdf", b"%PDF-1.7"),
        by=None,
        now=NOW,
    )


def hers(given):
    """Return the woman whose career it is."""
    return given["talent"].user if "talent" in given else given["entry"].talent.user


def asked_to_be_erased():
    """Return an erasure that waits."""
    return erasure.ask_erasure(user=factories.talent().user, by=None, now=NOW)


def erasure_set_aside():
    """Return an erasure that failed too often."""
    asked = asked_to_be_erased()
    type(asked).objects.update(sweep_failures=MOST_FAILURES)
    return asked


def with_public_page():
    """Return a woman whose public page is chosen."""
    person = factories.talent().user
    public_page.save_page(
        user=person, shown=["unit"], readable=False, may_be_indexed=False, by=None, now=NOW
    )
    return {"user": person}


def owner(given):
    """Return the woman whose record it is."""
    return given["talent"].user


CALLS = (
    call(
        public_page.save_page,
        lambda: {
            "user": factories.talent().user,
            "shown": ["unit"],
            "readable": False,
            "may_be_indexed": False,
        },
        insider=lambda given: given["user"],
    ),
    call(public_page.publish_page, with_public_page, insider=lambda given: given["user"]),
    call(public_page.take_page_back, with_public_page, insider=lambda given: given["user"]),
    call(
        confirming.confirm,
        lambda: {"talent": factories.talent()},
        insider=lambda given: given["talent"].user,
    ),
    call(career.save_entry, entry_to_save, insider=hers),
    call(career.delete_entry, lambda: {"entry": entry()}, insider=hers),
    call(career.restore_entry, lambda: {"entry": deleted_entry()}, insider=hers),
    call(career.read_evidence, lambda: {"entry": proved()}, insider=hers, reads_only=True),
    call(
        erasure.ask_erasure,
        lambda: {"user": factories.talent().user},
        insider=lambda given: given["user"],
        others={"clerk": lambda: factories.staff("department_clerk")},
    ),
    call(
        erasure.withdraw_erasure,
        lambda: {"erasure": asked_to_be_erased()},
        insider=lambda given: given["erasure"].user,
        others={"clerk": lambda: factories.staff("department_clerk")},
    ),
    call(
        erasure.retry_erasure,
        lambda: {"row": erasure_set_aside()},
        insider=clerk,
        others={"reviewer": lambda: factories.staff("department_reviewer")},
    ),
    call(
        erasure.ask_erasure_for,
        lambda: {"talent": factories.talent(), "reason": "书面申请 2026-017"},
        insider=clerk,
        others={"reviewer": lambda: factories.staff("department_reviewer")},
    ),
    call(
        operations.save_step,
        lambda: {"user": factories.user(), "step": 1, "values": PERSON},
        insider=lambda given: given["user"],
    ),
    call(
        operations.submit,
        lambda: {"talent": ready_to_hand_in()},
        insider=lambda given: given["talent"].user,
    ),
    call(operations.verify, lambda: {"talent": submitted(), "tier": ""}, insider=clerk),
    call(
        operations.return_with_reason,
        lambda: {"talent": submitted(), "reason": "请补充单位全称"},
        insider=clerk,
    ),
    call(operations.take_back_return, lambda: {"talent": returned()}, insider=clerk),
    call(
        operations.take_back_verification,
        lambda: {"talent": verified(), "reason": "核对的是另一位同名的人"},
        insider=clerk,
    ),
    call(
        operations.hand_over,
        lambda: {"talent": submitted(), "department": factories.department("science_innovation")},
        insider=clerk,
    ),
    call(
        operations.withdraw_proposal,
        lambda: {"proposal": proposal()},
        insider=lambda given: given["proposal"].talent.user,
    ),
    call(operations.accept_proposal, lambda: {"proposal": proposal()}, insider=clerk),
    call(
        operations.refuse_proposal,
        lambda: {"proposal": proposal(), "reason": "与证件不一致"},
        insider=clerk,
    ),
    call(
        operations.correct,
        lambda: {
            "talent": factories.talent(),
            "changes": {"tier": "city"},
            "reason": "按最新评审结果",
        },
        insider=clerk,
    ),
    call(
        operations.pause,
        lambda: {"talent": factories.talent(), "reason": "本人来电说明"},
        insider=clerk,
    ),
    call(
        operations.resume,
        lambda: {"talent": factories.talent(paused_at=NOW)},
        insider=lambda given: given["talent"].user,
    ),
    call(
        operations.move_away,
        lambda: {"talent": factories.talent(), "day": NOW.date(), "reason": "单位来函说明"},
        insider=clerk,
    ),
    call(
        operations.move_back,
        lambda: {"talent": factories.talent(moved_away_on=NOW.date())},
        insider=lambda given: given["talent"].user,
    ),
    call(
        exports.export_list,
        lambda: {"rows": visible(factories.talent()), "reason": "报送年度统计"},
        insider=clerk,
        open_to=("staff elsewhere",),
        others={"reads only": lambda: factories.staff("auditor")},
    ),
    call(
        exports.order_export,
        lambda: {"rows": visible(factories.talent()), "reason": "报送年度统计"},
        insider=clerk,
        open_to=("staff elsewhere",),
        others={"reads only": lambda: factories.staff("auditor")},
    ),
    call(exports.cancel_export, lambda: {"export": export()}, insider=asker),
    call(exports.fetch_export, lambda: {"export": export(done=True)}, insider=asker),
    call(
        finding.find_by_number,
        lambda: {"number": factories.talent(phone="14000008387").phone},
        insider=clerk,
        open_to=("another woman", "staff elsewhere", "staff without rights"),
        others={"reads nothing": lambda: factories.staff("points_clerk")},
    ),
    call(operations.ask_for_record, asking, insider=lambda given: given["user"]),
    call(operations.send_code_again, later_code, insider=herself),
    call(operations.prove_claim, with_code, insider=herself),
    call(operations.withdraw_claim, lambda: {"claim": claimed()}, insider=herself),
    call(operations.grant_claim, to_grant, insider=clerk),
    call(
        operations.refuse_claim,
        lambda: {"claim": claimed(), "reason": "与证件不一致"},
        insider=clerk,
    ),
    call(
        operations.hand_over_claim,
        lambda: {
            "claim": claimed(),
            "department": factories.department("science_innovation"),
            "reason": "单位属于科创局",
        },
        insider=clerk,
    ),
    call(
        operations.undo_claim,
        lambda: {"claim": granted(), "reason": "认领有误，本人不符"},
        insider=clerk,
    ),
    call(
        operations.endorse,
        lambda: {"talent": factories.talent(unit=factories.unit()), "reason": "盖章的推荐表"},
        insider=clerk,
    ),
    call(
        operations.take_back_endorsement,
        lambda: {"talent": endorsed(), "reason": "单位来函撤回"},
        insider=clerk,
    ),
    call(
        being_asked.save_wish,
        lambda: {
            "talent": factories.talent(),
            "chosen": ["talk"],
            "most_a_quarter": 2,
            "not_before": None,
            "others": True,
        },
        insider=owner,
    ),
    call(being_asked.stop_asking, lambda: {"talent": factories.talent()}, insider=owner),
    call(being_asked.resume_asking, lambda: {"talent": factories.talent()}, insider=owner),
    call(operations.merge_records, to_merge, insider=clerk),
    call(operations.undo_merge, merged, insider=clerk),
    call(
        operations.judge_apart,
        lambda: {"pair": pair(), "reason": "电话核实是两个人"},
        insider=clerk,
    ),
    call(
        operations.judge_again,
        lambda: {"pair": pair(apart_at=NOW, apart_reason="电话核实是两个人")},
        insider=clerk,
    ),
    call(imports.upload, form, insider=clerk),
    call(imports.confirm, lambda: {"run": previewed()}, insider=clerk),
    call(imports.cancel, lambda: {"run": previewed()}, insider=clerk),
    call(imports.choose, differing, insider=clerk),
    call(imports.settle_units, lambda: {"run": previewed(), "units": {}}, insider=clerk),
    call(imports.map_columns, lambda: {"run": previewed(), "fields": {}}, insider=clerk),
    call(imports.forget_columns, lambda: {"run": previewed()}, insider=clerk),
    call(
        unknown_units.register,
        lambda: {"name": "两江示例研究院", "kind": "research_institute"},
        insider=lambda given: factories.staff("department_clerk"),
        open_to=("staff elsewhere",),  # units belong to no department: every clerk keeps them
    ),
    call(imports.undo, lambda: {"run": imported()}, insider=clerk),
    call(
        imports.export_refused,
        lambda: {"run": previewed(), "out": io.BytesIO()},
        insider=clerk,
    ),
)
