"""One call of every operation, for tests/test_rights.py."""

from datetime import timedelta
from uuid import uuid4

from events import operations, screen_codes
from events.models import (
    BookingHold,
    Certificate,
    CertificateOffer,
    Feedback,
    Invitation,
    NoShowRule,
)
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.kernel.test_pictures import photo as picture
from tests.rights import call

SOON = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def named(talent):
    """Return what it takes to ask a woman of a unit to an event."""
    event = factories.event(starts_at=NOW + timedelta(days=9))
    return {"event": event, "unit": talent.unit, "codes": talent.code}


def organiser(given=None):
    """Return a colleague who runs the department's events."""
    return factories.staff("event_organiser")


def administrator(given=None):
    """Return a colleague who runs the portal."""
    return factories.staff("administrator")


def booking(**fields):
    """Return a booking of an event whose door is open."""
    return factories.booking(factories.event(starts_at=SOON, **fields))


def arrived():
    """Return a booking that was checked in."""
    came = booking()
    operations.check_in(booking=came, by=None, now=NOW)
    came.refresh_from_db()
    return came


def late_event():
    """Return an event that has begun, one with a seat not there, another waiting on site."""
    begun = factories.event(starts_at=NOW - timedelta(hours=1), capacity=1)
    before = NOW - timedelta(hours=2)
    factories.booking(begun, now=before)
    waiting = factories.booking(begun, now=before)
    operations.come_in(booking=waiting, by=None, now=NOW)
    return begun


def for_points():
    """Return what `redeem_seat` takes."""
    her = factories.talent()
    make.give(her, 50)
    event = factories.event(points_only=True, starts_at=SOON)
    service = make.service(cost=30, delivery="event", event_code=event.code)
    asked = {"idempotency_key": "seat", "expected_cost": 30}
    return {"talent": her, "service": service, **asked}


def served():
    """Return what `record_volunteers` takes."""
    begin = NOW - timedelta(hours=3)
    event = factories.event(kind="volunteering", starts_at=begin, ends_at=begin + 2 * (SOON - NOW))
    came = factories.booking(event, now=NOW - timedelta(hours=4))
    operations.check_in(booking=came, by=None, now=begin)
    return {"event": event, "hours": {came.code: 2}}


def applied():
    """Return a meeting tool's list as it was applied."""
    return operations.apply_list(event=late_event(), times={}, key=uuid4(), by=None, now=NOW)


def digits(booked):
    """Return what she types at the screen on site."""
    typed = screen_codes.code(booked.event, "in", NOW)
    return {"event": booked.event, "talent": booked.talent, "typed": typed, "way": "in"}


def left():
    """Return a booking that was checked in and out."""
    gone = arrived()
    operations.check_out(booking=gone, by=None, now=NOW)
    return gone


def corrected():
    """Return a booking whose times were put right."""
    came = arrived()
    times = [(NOW - timedelta(hours=1), NOW)]
    operations.correct_times(booking=came, times=times, reason="签到时手机没电", by=None, now=NOW)
    return came


def offered():
    """Return a booking a seat is kept for."""
    event = factories.event(capacity=1, offer_hours=24)
    first, second = factories.booking(event), factories.booking(event)
    operations.cancel_booking(booking=first, by=None, now=NOW)
    second.refresh_from_db()
    return second


def requested():
    """Return a booking that waits for staff."""
    return factories.booking(factories.event(needs_approval=True))


def absent():
    """Return a booking of somebody who did not come, a day later."""
    missed = factories.booking(
        factories.event(starts_at=NOW - 2 * DAY, booking_opens_at=NOW - 9 * DAY), now=NOW - 3 * DAY
    )
    operations.settle_event(event=missed.event, now=NOW)
    missed.refresh_from_db()
    return missed


def came():
    """Return a booking of somebody who came to an event that is over."""
    past = factories.event(starts_at=NOW - 2 * DAY, booking_opens_at=NOW - 9 * DAY)
    booked = factories.booking(past, now=NOW - 3 * DAY)
    operations.check_in(booking=booked, by=None, now=NOW - 2 * DAY)
    booked.refresh_from_db()
    return booked


def answer(**fields):
    """Return what somebody said of an event."""
    return Feedback.objects.create(event=factories.event(), score=4, helped="圆桌", **fields)


def handed_on():
    """Return a link by which a seat is handed on."""
    given = factories.booking(factories.event())
    return operations.hand_on(booking=given, by=None, now=NOW)


def kept_seats():
    """Return seats kept for an event's women's track."""
    event = factories.event()
    return operations.add_pool(event=event, kind="track", seats=2, by=None, now=NOW)


SLIDES = ("课件.pdf", b"%PDF-1.7 slides")


def material(**fields):
    """Return a material of an event: the SLIDES, then others."""
    event = fields.pop("event", None) or factories.event()
    sent = [(SLIDES[0], SLIDES[1] + b" " * event.materials.count())]
    (added,) = operations.add_materials(event=event, sent=sent, by=None, now=NOW, **fields)
    return added


def photo(*bookings, event=None, alt="六位工程师围坐讨论", **fields):
    """Return a described photo that is not shown yet, with somebody of each booking in it; else with nobody."""
    event = event or (bookings[0].event if bookings else factories.event())
    another = picture((60 + event.photos.count(), 40))
    (added,) = operations.add_photos(event=event, sent=[("合影.jpg", another)], by=None, now=NOW)
    fields = {"nobody": not bookings, "guests": 0} | fields
    people = [booking.pk for booking in bookings]
    return operations.describe_photo(
        photo=added, alt=alt, people=people, by=None, now=NOW, **fields
    )


def old_version():
    """Return a version of a material that was replaced."""
    replaced = operations.replace_material(material=material(), sent=SLIDES, by=None, now=NOW)
    return replaced.files.get(number=1)


def speaker():
    """Return a woman's part in the agenda of an event."""
    event = factories.event()
    session = event.sessions.create(
        title="主旨报告", starts_at=event.starts_at, ends_at=event.ends_at
    )
    return session.speakers.create(talent=factories.talent())


def certificate(**fields):
    """Return a certificate of somebody who came."""
    return Certificate.objects.create(
        event=factories.event(),
        talent=factories.talent(),
        kind="attendance",
        name="王小敏",
        title="沙龙",
        began_on=NOW.date(),
        ended_on=NOW.date(),
        issuers=[["妇联", "Women's Federation"]],
        issued_at=NOW,
        **fields,
    )


def offering(**fields):
    """Return an event that gives certificates."""
    event = factories.event(**fields)
    CertificateOffer.objects.create(event=event, issuers=["women_federation"])
    return event


def set_aside():
    """Return an event the clock has given up on."""
    return factories.event(sweep_failures=5)


def invitation():
    """Return an invitation to an event."""
    return Invitation.objects.create(
        event=factories.event(), talent=factories.talent(), invited_at=NOW
    )


def series():
    """Return a series of the department."""
    fields = {"name": "青年沙龙", "department": factories.department()}
    return operations.add_series(fields=fields, by=None, now=NOW)


def new_event():
    """Return what makes an event."""
    return {
        "title": "智能制造女科学家沙龙",
        "kind": "salon",
        "summary": "与三位一线女科学家面对面",
        "venue": "两江人才大厦",
        "capacity": 3,
        "starts_at": SOON,
        "ends_at": SOON + timedelta(hours=1),
        "department": factories.department(),
    }


def without_organiser():
    """Return a sensitive event whose organiser's account is closed."""
    event = factories.event(sensitive_topic=True)
    event.organiser.is_active = False
    event.organiser.save()
    return event


CALLS = (
    call(
        operations.admit,
        lambda: {"event": factories.event(visibility="invited"), "talent": factories.talent()},
        insider=lambda given: given["event"].organiser,
    ),
    call(
        operations.ask_take_over,
        lambda: {
            "event": without_organiser(),
            "organiser": organiser(),
            "reason": "原负责人已调离",
        },
        insider=organiser,
    ),
    call(operations.add_event, lambda: {"fields": new_event()}, insider=organiser),
    call(
        operations.publish_event,
        lambda: {"event": factories.event(state="draft")},
        insider=organiser,
    ),
    call(
        operations.cancel_event,
        lambda: {"event": factories.event(), "reason": "场地检修"},
        insider=organiser,
    ),
    call(
        operations.change_capacity,
        lambda: {"event": factories.event(), "capacity": 5},
        insider=organiser,
    ),
    call(
        operations.edit_event,
        lambda: {"event": factories.event(), "changes": {"venue": "明月湖"}},
        insider=organiser,
    ),
    call(
        operations.message_booked,
        lambda: {"event": booking().event, "text": "请带身份证"},
        insider=organiser,
    ),
    call(
        operations.set_agenda,
        lambda: {"event": factories.event(), "text": "14:00–14:40 主旨报告"},
        insider=organiser,
    ),
    call(
        operations.add_series,
        lambda: {"fields": {"name": "青年沙龙", "department": factories.department()}},
        insider=organiser,
    ),
    call(
        operations.edit_series,
        lambda: {"series": series(), "changes": {"name": "青年学者沙龙"}},
        insider=organiser,
    ),
    call(
        operations.repeat_event,
        lambda: {"event": factories.event(), "days": [(NOW + 10 * DAY).date()]},
        insider=organiser,
    ),
    call(operations.clone_event, lambda: {"event": factories.event()}, insider=organiser),
    call(
        operations.book,
        lambda: {"event": factories.event(), "talent": factories.talent()},
        insider=lambda given: given["talent"].user,
    ),
    call(
        operations.cancel_booking,
        lambda: {"booking": booking()},
        insider=lambda given: given["booking"].talent.user,
    ),
    call(
        operations.accept_offer,
        lambda: {"booking": offered()},
        insider=lambda given: given["booking"].talent.user,
    ),
    call(operations.approve_booking, lambda: {"booking": requested()}, insider=organiser),
    call(
        operations.refuse_booking,
        lambda: {"booking": requested(), "reason": "本场仅面向从业人员"},
        insider=organiser,
    ),
    call(
        operations.correct_attendance,
        lambda: {"booking": absent(), "outcome": "attended", "reason": "同事证明在场"},
        insider=organiser,
    ),
    call(
        operations.leave_session,
        lambda: {"speaker": speaker()},
        insider=lambda given: given["speaker"].talent.user,
    ),
    call(
        operations.explain_absence,
        lambda: {"booking": absent(), "absence": "family"},
        insider=lambda given: given["booking"].talent.user,
    ),
    call(
        operations.give_feedback,
        lambda: {"booking": came(), "score": 5},
        insider=lambda given: given["booking"].talent.user,
    ),
    call(
        operations.hide_feedback,
        lambda: {"feedback": answer(), "reason": "点名指责个人"},
        insider=organiser,
    ),
    call(
        operations.show_feedback,
        lambda: {"feedback": answer(hidden_reason="点名指责个人")},
        insider=organiser,
    ),
    call(
        operations.set_no_show_rule,
        lambda: {
            "department": None,
            "terms": {"absences": 3, "months": 6, "weeks": 4, "days_before": 3},
            "reason": "多次空席",
        },
        insider=administrator,
    ),
    call(
        operations.end_no_show_rule,
        lambda: {
            "rule": NoShowRule.objects.create(
                absences=3, months=6, weeks=4, days_before=3, reason="多次空席", set_at=NOW
            ),
            "reason": "试行结束",
        },
        insider=administrator,
    ),
    call(
        operations.lift_hold,
        lambda: {
            "hold": BookingHold.objects.create(
                user=factories.talent().user,
                days_before=3,
                until=NOW + 9 * DAY,
                absences=3,
                made_at=NOW,
            ),
            "reason": "孩子住院，已说明",
        },
        insider=administrator,
    ),
    call(
        operations.export_report,
        lambda: {"events": [factories.event()], "title": "沙龙"},
        insider=organiser,
    ),
    call(
        operations.offer_certificates,
        lambda: {"event": factories.event(), "terms": {"issuers": ["women_federation"]}},
        insider=organiser,
    ),
    call(operations.withdraw_certificate_offer, lambda: {"event": offering()}, insider=organiser),
    call(
        operations.order_certificates,
        lambda: {"event": offering(settled_at=NOW)},
        insider=organiser,
    ),
    call(
        operations.revoke_certificate,
        lambda: {"certificate": certificate(), "reason": "发错了人"},
        insider=organiser,
    ),
    call(
        operations.reissue_certificate,
        lambda: {"certificate": certificate(), "name": "王晓敏", "reason": "姓名更正"},
        insider=organiser,
    ),
    call(
        operations.fetch_certificate,
        lambda: {"certificate": certificate()},
        insider=lambda given: given["certificate"].talent.user,
    ),
    call(
        operations.invite,
        lambda: {"event": factories.event(), "codes": factories.talent().code},
        insider=organiser,
    ),
    call(
        operations.name_for_unit,
        lambda: named(factories.talent(unit=factories.unit())),
        insider=organiser,
    ),
    call(
        operations.withdraw_invitation,
        lambda: {"invitation": invitation(), "reason": "名单有误"},
        insider=organiser,
    ),
    call(
        operations.make_calendar_link,
        lambda: {"user": factories.talent().user},
        insider=lambda given: given["user"],
    ),
    call(
        operations.drop_calendar_link,
        lambda: {"user": factories.talent().user},
        insider=lambda given: given["user"],
    ),
    call(
        operations.hand_on,
        lambda: {"booking": factories.booking(factories.event())},
        insider=lambda given: given["booking"].talent.user,
    ),
    call(
        operations.take_transfer_back,
        lambda: {"transfer": handed_on()},
        insider=lambda given: given["transfer"].booking.talent.user,
    ),
    call(
        operations.accept_transfer,
        lambda: {"transfer": handed_on(), "talent": factories.talent()},
        insider=lambda given: given["talent"].user,
    ),
    call(
        operations.add_pool,
        lambda: {"event": factories.event(), "kind": "track", "seats": 2},
        insider=organiser,
    ),
    call(operations.edit_pool, lambda: {"pool": kept_seats(), "seats": 1}, insider=organiser),
    call(operations.open_pool, lambda: {"pool": kept_seats()}, insider=organiser),
    call(
        operations.set_guests,
        lambda: {"event": factories.event(), "women": 1, "men": 1},
        insider=organiser,
    ),
    call(
        operations.change_childcare,
        lambda: {"booking": booking(childcare_places=2), "children": 1},
        insider=lambda given: given["booking"].talent.user,
    ),
    call(operations.try_again, lambda: {"row": set_aside()}, insider=organiser),
    call(operations.promote, lambda: {"event": factories.event()}, insider=organiser),
    # A code of somebody else's event is answered like one that does not exist.
    call(
        operations.find_booking,
        lambda: {"typed": booking().code},
        insider=organiser,
        others={"auditor": lambda: factories.staff("auditor")},
        refused_as="code_unknown",
    ),
    call(operations.check_in, lambda: {"booking": booking()}, insider=organiser),
    call(operations.undo_check_in, lambda: {"booking": arrived()}, insider=organiser),
    call(
        operations.find_people,
        lambda: {"event": factories.event(), "typed": factories.talent().code},
        insider=organiser,
    ),
    call(
        operations.walk_in,
        lambda: {"event": factories.event(starts_at=SOON), "talent": factories.talent()},
        insider=organiser,
    ),
    call(
        operations.apply_list,
        lambda: {"event": late_event(), "times": {}, "key": uuid4()},
        insider=organiser,
    ),
    call(operations.redeem_seat, for_points, insider=lambda given: given["talent"].user),
    call(operations.record_volunteers, served, insider=organiser),
    call(operations.undo_list, lambda: {"applied": applied()}, insider=organiser),
    call(operations.come_in, lambda: {"booking": booking()}, insider=organiser),
    call(operations.give_late_seats, lambda: {"event": late_event()}, insider=organiser),
    call(
        operations.undo_late_seats,
        lambda: {"event": late_event(), "given_at": NOW},
        insider=organiser,
    ),
    call(
        operations.set_code_word,
        lambda: {"event": factories.event(), "word": "两江春早"},
        insider=organiser,
    ),
    call(
        operations.check_in_herself,
        lambda: digits(booking()),
        insider=lambda given: given["talent"].user,
    ),
    call(operations.check_out, lambda: {"booking": arrived()}, insider=organiser),
    call(operations.check_out_all, lambda: {"event": arrived().event}, insider=organiser),
    call(operations.undo_return, lambda: {"booking": left()}, insider=organiser),
    call(operations.undo_latest, lambda: {"booking": left()}, insider=organiser),
    call(operations.undo_check_out, lambda: {"booking": left()}, insider=organiser),
    call(
        operations.undo_check_out_all,
        lambda: {"event": left().event, "noted_at": NOW},
        insider=organiser,
    ),
    call(
        operations.correct_times,
        lambda: {
            "booking": arrived(),
            "times": [(NOW - timedelta(hours=1), NOW)],
            "reason": "签到时手机没电",
        },
        insider=organiser,
    ),
    call(operations.undo_correction, lambda: {"booking": corrected()}, insider=organiser),
    call(
        operations.export_certificates,
        lambda: {"event": certificate().event},
        insider=organiser,
    ),
    call(operations.export_attendance, lambda: {"event": factories.event()}, insider=organiser),
    call(
        operations.add_materials,
        lambda: {"event": factories.event(), "sent": [SLIDES]},
        insider=organiser,
    ),
    call(
        operations.add_material_link,
        lambda: {"event": factories.event(), "title": "录像", "link": "https://example.cn/v"},
        insider=organiser,
    ),
    call(
        operations.edit_material,
        lambda: {"material": material(), "changes": {"audience": "everybody"}},
        insider=organiser,
    ),
    call(operations.move_material, lambda: {"material": material(), "up": True}, insider=organiser),
    call(
        operations.replace_material,
        lambda: {"material": material(), "sent": SLIDES},
        insider=organiser,
    ),
    call(operations.restore_material_file, lambda: {"version": old_version()}, insider=organiser),
    call(operations.withdraw_material, lambda: {"material": material()}, insider=organiser),
    call(operations.show_material, lambda: {"material": material()}, insider=organiser),
    call(
        operations.read_material,
        lambda: {"material": material()},
        insider=organiser,
        reads_only=True,
    ),
    call(
        operations.answer_photos,
        lambda: {"booking": booking(takes_photos=True), "site": True, "press": False},
        insider=lambda given: given["booking"].talent.user,
    ),
    call(
        operations.add_photos,
        lambda: {"event": factories.event(), "sent": [("合影.jpg", picture())]},
        insider=organiser,
    ),
    call(
        operations.describe_photo,
        lambda: {"photo": photo(), "alt": "会场", "people": [], "nobody": True, "guests": 0},
        insider=organiser,
    ),
    call(operations.publish_photo, lambda: {"photo": photo()}, insider=organiser),
    call(operations.hide_photo, lambda: {"photo": photo()}, insider=organiser),
    call(operations.delete_photo, lambda: {"photo": photo()}, insider=organiser),
)
