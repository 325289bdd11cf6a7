"""One call of every operation, for tests/test_rights.py."""

from datetime import timedelta

from tests.rights import call
from tests.workplaces import make, rooms
from workplaces.childcare import operations as childcare
from workplaces.childcare import standard
from workplaces.childcare.models import Nursery, NurseryRule
from workplaces.flexible import operations as flexible
from workplaces.flexible.models import FlexibleOffer
from workplaces.periods import operations as periods
from workplaces.periods.models import PeriodRule
from workplaces.rooms import operations as room_work
from workplaces.rooms import standard as room_standard
from workplaces.rooms.models import Room, RoomCriterion, RoomTier

# One list of the law for all departments: a colleague elsewhere keeps it too.
OPEN = ("staff elsewhere",)


def _clerk(given=None):
    return make.clerk()


def _contact(given):
    row = given.get("nursery") or given.get("klass") or given.get("change") or given.get("room")
    return make.contact((row if isinstance(row, Nursery | Room) else row.nursery).unit)


def _contact_of_offer(given):
    return make.contact((given.get("offer") or given["change"].offer).unit)


def _withdrawn():
    return flexible.withdraw_offer(
        offer=make.offer(), reason="单位来电说已不再实行", by=None, now=make.NOW
    )


def _set_aside(row):
    """Return a row the clock has given up."""
    type(row).objects.filter(pk=row.pk).update(sweep_failures=5)
    return make.fresh(row)


def _nursery_rule():
    return {"rule": NurseryRule.objects.get(band="mixed"), "most": 17}


def _stranger():
    """Return the contact of another unit."""
    return make.contact()


OTHERS = {"another unit's contact": _stranger}


def _change():
    nursery = make.nursery()
    childcare.save_nursery(nursery=nursery, values={"phone": "023-67000009"}, by=None, now=make.NOW)
    return nursery.changes.order_by("-pk").first()


def _ended():
    return childcare.end_class(klass=make.klass(), by=None, now=make.NOW)


def _typed():
    return {"name": "小二班", "band": "toddler", "capacity": 10, "carers": 2, "price": 2000}


def _rule():
    return {"rule": PeriodRule.objects.get(right="father")}


def _visited():
    return {"visited_on": rooms.TODAY, "met": rooms.codes()}


def _reported():
    return room_work.report_room(room=rooms.room(), kind="closed", by=rooms.woman(), now=rooms.NOW)


ROOM_STAFF = {"insider": _clerk, "open_to": OPEN, "others": OTHERS}
CALLS = (
    call(
        room_work.save_room,
        lambda: {"room": rooms.room(), "values": {"who_may": "敲门"}},
        insider=_contact,
        open_to=OPEN,
        others=OTHERS,
    ),
    call(
        room_work.withdraw_room,
        lambda: {"room": rooms.room(), "reason": "装修两个月"},
        insider=_contact,
        open_to=OPEN,
        others=OTHERS,
    ),
    call(
        room_work.take_up_room,
        lambda: {
            "room": room_work.withdraw_room(
                room=rooms.room(), reason="装修两个月", by=None, now=rooms.NOW
            )
        },
        insider=_contact,
        open_to=OPEN,
        others=OTHERS,
    ),
    call(room_work.visit_room, lambda: {"room": rooms.applied()} | _visited(), **ROOM_STAFF),
    call(
        room_work.correct_visit,
        lambda: {"visit": rooms.room().visits.get(), "reason": "看错了表"} | _visited(),
        **ROOM_STAFF,
    ),
    call(
        room_work.report_room,
        lambda: {"room": rooms.room(), "kind": "closed"},
        insider=lambda given: rooms.woman(),
        # Every woman with an account may; of staff nobody.
        open_to=("another woman",),
    ),
    call(
        room_work.take_back_report,
        lambda: {"report": _reported()},
        insider=lambda given: given["report"].by,
        others=OTHERS,
    ),
    call(
        room_work.read_photo,
        lambda: {"photo": rooms.photo(rooms.room())},
        **ROOM_STAFF,
    ),
    call(
        room_work.export_rooms,
        lambda: {"rows": Room.objects.filter(pk=rooms.room().pk)},
        reads_only=True,
        **ROOM_STAFF,
    ),
    call(
        room_standard.save_tier,
        lambda: {"tier": RoomTier.objects.get(rank=3), "pluses": 7},
        **ROOM_STAFF,
    ),
    call(
        room_standard.save_criterion,
        lambda: {"criterion": RoomCriterion.objects.first(), "words": "有沙发"},
        **ROOM_STAFF,
    ),
    call(
        room_standard.check_standard, lambda: {"line": RoomTier.objects.get(rank=3)}, **ROOM_STAFF
    ),
    call(
        periods.save_rule,
        lambda: _rule() | {"amount": 25},
        insider=_clerk,
        open_to=OPEN,
    ),
    call(periods.check_rule, _rule, insider=_clerk, open_to=OPEN),
    call(
        childcare.save_nursery,
        lambda: {"nursery": make.nursery(), "values": {"phone": "023-67000002"}},
        insider=_contact,
        others=OTHERS,
    ),
    call(
        childcare.confirm_nursery,
        lambda: {"nursery": make.nursery()},
        insider=_contact,
        others=OTHERS,
    ),
    call(
        childcare.check_registration,
        lambda: {"nursery": make.unchecked()},
        insider=_clerk,
        # Not even its own unit.
        others=OTHERS,
    ),
    call(
        childcare.save_class,
        lambda: {"nursery": make.nursery(), "values": _typed()},
        insider=_contact,
        others=OTHERS,
    ),
    call(
        childcare.state_free,
        lambda: {"klass": make.klass(), "free": 3},
        insider=_contact,
        others=OTHERS,
    ),
    call(childcare.end_class, lambda: {"klass": make.klass()}, insider=_contact, others=OTHERS),
    call(childcare.restore_class, lambda: {"klass": _ended()}, insider=_contact, others=OTHERS),
    call(childcare.undo_change, lambda: {"change": _change()}, insider=_contact, others=OTHERS),
    call(
        childcare.undo_nursery,
        lambda: {"nursery": _change().nursery},
        insider=_contact,
        others=OTHERS,
    ),
    call(
        childcare.undo_class,
        lambda: {"klass": make.klass(free=3)},
        insider=_contact,
        others=OTHERS,
    ),
    call(
        childcare.retry_nursery,
        lambda: {"row": _set_aside(make.nursery())},
        insider=_clerk,
        others=OTHERS,
    ),
    call(
        childcare.retry_class,
        lambda: {"row": _set_aside(make.klass())},
        insider=_clerk,
        others=OTHERS,
    ),
    call(standard.save_nursery_rule, _nursery_rule, insider=_clerk, open_to=OPEN, others=OTHERS),
    call(
        standard.check_nursery_rule,
        lambda: {"rule": NurseryRule.objects.get(band="mixed")},
        insider=_clerk,
        open_to=OPEN,
        others=OTHERS,
    ),
    call(
        childcare.export_nurseries,
        lambda: {"rows": Nursery.objects.filter(pk=make.nursery().pk)},
        insider=_clerk,
        open_to=("staff elsewhere",),
        reads_only=True,
        others=OTHERS,
    ),
    call(
        flexible.save_offer,
        lambda: {"offer": make.offer(), "values": {"phone": "023-67000002"}},
        insider=_contact_of_offer,
        others=OTHERS,
    ),
    call(
        flexible.confirm_offer,
        lambda: {"offer": make.offer(now=make.NOW - timedelta(days=9))},
        insider=_contact_of_offer,
        others=OTHERS,
    ),
    call(
        flexible.withdraw_offer,
        lambda: {"offer": make.offer(), "reason": "已不再实行"},
        insider=_contact_of_offer,
        others=OTHERS,
    ),
    call(
        flexible.put_back_offer,
        lambda: {"offer": _withdrawn()},
        insider=_contact_of_offer,
        others=OTHERS,
    ),
    call(
        flexible.undo_offer_change,
        lambda: {"change": make.changed_offer()},
        insider=_contact_of_offer,
        others=OTHERS,
    ),
    call(
        flexible.undo_latest,
        lambda: {"offer": make.changed_offer().offer},
        insider=_contact_of_offer,
        others=OTHERS,
    ),
    call(
        flexible.retry_offer,
        lambda: {"row": _set_aside(make.offer())},
        insider=_clerk,
        others=OTHERS,
    ),
    call(
        flexible.export_offers,
        lambda: {"rows": FlexibleOffer.objects.filter(pk=make.offer().pk)},
        insider=_clerk,
        open_to=("staff elsewhere",),
        reads_only=True,
        others=OTHERS,
    ),
)
