"""What people are told about their bookings; queued by events.operations in the same transaction.

Of a sensitive topic an SMS or mail says neither what it is nor where, nor anybody's reasons
(`discreet`, the kinds' words for outside in events.portal): lock screens are read by others.
"""

from datetime import timedelta

from events import minutes
from events.reminders import KINDS
from events.rules import ANSWER_FOR, EXPLAIN_FOR
from kernel.days import DAY, midnight, out_of_night
from notices import operations as notices
from notices.models import Notice
from notices.operations import Letter, page_link

# How long before the start news has to reach her, by night where the morning is later than that.
NEWS = timedelta(hours=3)
TO_ANSWER = timedelta(hours=1)  # and before the end of an offer
MATERIAL_NEWS = timedelta(days=7)  # so long a new material is news
# What a later change of the booking or the event makes untrue.
OVERTAKEN = (
    *("events.booked", "events.waitlisted", "events.promoted", "events.changed"),
    *("events.requested", "events.offered", "events.offer_reminder", *KINDS),
    *("events.childcare_given", "events.named"),
)
# What an event of a sensitive topic is called, in her inbox too: others may look over her shoulder.
UNNAMED = {"zh-hans": "您预约的活动", "en": "the event you booked"}
# And to whom it has another part in it.
UNNAMED_INVITED = {"zh-hans": "一场专题活动", "en": "an event"}
UNNAMED_SPEAKER = {"zh-hans": "您主讲的活动", "en": "the event you speak at"}
UNNAMED_RUN = {"zh-hans": "您负责的活动", "en": "the event you run"}
ONLINE = {"zh-hans": "线上", "en": "online"}
# How one takes part, by the event's mode.
HOW = {
    "on_site": {
        "zh-hans": "签到码在“我的报名”里。",
        "en": "Your check-in code is under My bookings.",
    },
    # An hour of two: nobody stands at the door.
    "led": {"zh-hans": "到时间直接去，不用签到。", "en": "Just come; there is no check-in."},
    "online": {
        "zh-hans": "参加链接开始前半小时出现在活动页面。",
        "en": "The link appears on the event's page half an hour before the start.",
    },
    "both": {
        "zh-hans": "签到码在“我的报名”里，线上参加的链接开始前半小时出现在活动页面。",
        "en": "Your check-in code is under My bookings; the link for taking part online appears on the event's page "
        "half an hour before the start.",
    },
}
# What is told when it changes, by what it is called then; kept in both languages, whoever changes it.
TOLD = {
    "starts_at": {"zh-hans": "时间", "en": "time"},
    "ends_at": {"zh-hans": "时间", "en": "time"},
    "venue": {"zh-hans": "地点", "en": "place"},
    "address": {"zh-hans": "地点", "en": "place"},
    "online_url": {"zh-hans": "线上链接", "en": "online link"},
}


def _how(event):
    if event.has_door:
        return HOW[event.mode]
    return HOW["led" if event.mode == "on_site" else "online"]


def _facts(event, *names, unnamed=UNNAMED):
    facts = {
        "title": unnamed if event.sensitive_topic else event.title,
        "when": event.starts_at,
        "span": (event.starts_at, event.ends_at),
        "venue": event.venue or ONLINE,
        "how": _how(event),
    }
    return {name: facts[name] for name in names}


def _letter(kind, booking, event, context, *, page, key=None, **fields):
    """Return a letter to her who booked; it makes sense until the event is over."""
    needed_by = event.starts_at - NEWS
    told = {"good_until": event.ends_at, "discreet": event.sensitive_topic, "needed_by": needed_by}
    fields = told | fields
    return Letter(kind, booking.talent.user, key or booking, context, link=page, **fields)


def _my_bookings():
    return page_link("my_bookings")


def _where_she_takes_part(event):
    """Return the page with what she needs to take part: her code, of an online event the link."""
    return _page(event) if event.mode == "online" else _my_bookings()


def _page(event):
    return page_link("event", event.code)


def booked(booking, event):
    """Return the letter that confirms a seat."""
    context = _facts(event, "title", "when", "venue", "how")
    return _letter("events.booked", booking, event, context, page=_where_she_takes_part(event))


def waitlisted(booking, event, rank):
    """Return the letter that confirms a place in the queue."""
    context = _facts(event, "title") | {"place": rank}
    return _letter("events.waitlisted", booking, event, context, page=_my_bookings())


def invited(talent, event):
    """Return the letter that invites her, once for each event."""
    context = _facts(event, "title", "when", "venue", unnamed=UNNAMED_INVITED)
    link = page_link("invited_event", event.code)
    more = {"good_until": event.ends_at, "discreet": event.sensitive_topic}
    return Letter("events.invited", talent.user, event, context, link=link, **more)


def requested(booking, event):
    """Return the letter that says her request waits for staff."""
    context = _facts(event, "title")
    return _letter("events.requested", booking, event, context, page=_my_bookings())


def refused(booking, event):
    """Return the letter that says staff did not let her come, and why."""
    context = _facts(event, "title", "when") | {"reason": booking.reason}
    return _letter("events.refused", booking, event, context, page=_page(event))


def named(booking, event):
    """Return the letter that says her unit proposes her, and asks whether she takes the seat kept for her."""
    until = booking.offer_ends_at
    context = _facts(event, "title", "when", "venue") | {"until": until}
    return _letter("events.named", booking, event, context, page=_page(event), good_until=until)


def named_for_full(talent, event):
    """Return the letter that says her unit proposes her for an event that is full, once for each event."""
    context = _facts(event, "title", "when")
    link, more = page_link("event", event.code), {"good_until": event.ends_at}
    return Letter("events.named_for_full", talent.user, event, context, link=link, **more)


def named_for_later(talent, event):
    """Return the letter that says her unit proposes her for an event she may book later: its page says from when."""
    context = _facts(event, "title", "when")
    link, more = page_link("event", event.code), {"good_until": event.ends_at}
    return Letter("events.named_for_later", talent.user, event, context, link=link, **more)


def offered(booking, event):
    """Return the letter that asks whether she takes the seat kept for her; of no use once that is over."""
    until = booking.offer_ends_at
    context = _facts(event, "title", "when", "venue") | {"until": until}
    return _letter(
        "events.offered",
        booking,
        event,
        context,
        page=_page(event),
        key=f"{booking.pk}:{int(until.timestamp())}",
        good_until=until,
        needed_by=until - TO_ANSWER,
    )


def offer_reminders(booking, event, now):
    """Return the letter that reminds her of the seat kept for her since `now`; none where it ends too soon."""
    until = booking.offer_ends_at
    due = event.offer_reminder(now, until)
    context = _facts(event, "title", "when") | {"until": until}
    more = {"page": _page(event), "due_at": due, "good_until": until}
    return [_letter("events.offer_reminder", booking, event, context, **more)] if due else []


def offer_expired(booking, event):
    """Return the letter that says the seat kept for her went to the next."""
    context = _facts(event, "title", "when")
    return _letter("events.offer_expired", booking, event, context, page=_page(event))


def promoted(booking, event):
    """Return the letter that says a seat came free for her."""
    context = _facts(event, "title", "when", "venue")
    return _letter("events.promoted", booking, event, context, page=_my_bookings())


def childcare_given(booking, event):
    """Return the letter that says her children are looked after; once for each number of them."""
    context = _facts(event, "title", "when") | {"children": booking.children}
    key = f"{booking.pk}:{booking.children}"
    return _letter("events.childcare_given", booking, event, context, page=_page(event), key=key)


def handed_on(booking, event):
    """Return the letter that says a colleague has taken what she handed on."""
    context = _facts(event, "title", "when")
    return _letter("events.handed_on", booking, event, context, page=_page(event))


def booking_cancelled(booking, event):
    """Return the letter that says staff took her seat or her place back, and why."""
    context = _facts(event, "title", "when") | {"reason": booking.reason}
    return _letter("events.booking_cancelled", booking, event, context, page=_my_bookings())


def seat_given(booking, event):
    """Return the letter that says her seat was given to one who waited on site, as she had not come."""
    return _letter("events.seat_given", booking, event, _facts(event, "title"), page=_page(event))


def cancelled(booking, event):
    """Return the letter that says the event is off."""
    context = _facts(event, "title", "when") | {"reason": event.cancel_reason}
    return _letter("events.cancelled", booking, event, context, page=_page(event))


def changed(booking, event, names):
    """Return the letter that says which of TOLD changed (`names`); once for each change."""
    context = _facts(event, "title", "span", "venue") | {"what": _what(names)}
    key = f"{booking.pk}:{event.schedule_version}"
    return _letter("events.changed", booking, event, context, page=_page(event), key=key)


def _what(names):
    """Return what changed in both languages, each once: {"zh-hans": "时间、地点", "en": "time and place"}."""
    words = {TOLD[name]["en"]: TOLD[name] for name in TOLD if name in names}
    return _in_a_row(list(words.values()), "、", "、")


def speaking(talent, event, parts, now, *, again=False):
    """Return the letter that names her as a speaker, or says that her part changed (`again`).

    `parts` are (title, room, starts_at, ends_at) of her sessions, the first one first.
    """
    kind = "events.speaking_changed" if again else "events.speaking"
    first_title, _room, starts_at, _ends_at = parts[0]
    facts = {"session": first_title, "when": starts_at}
    return _to_speaker(
        kind, talent, event, now, _facts(event, "title", "venue", unnamed=UNNAMED_SPEAKER) | facts
    )


def not_speaking(talent, event, now):
    """Return the letter that says she is not named as a speaker any more."""
    return _to_speaker(
        "events.speaking_ended",
        talent,
        event,
        now,
        _facts(event, "title", "when", unnamed=UNNAMED_SPEAKER),
    )


def speaking_cancelled(talent, event, now):
    """Return the letter that says the event she was to speak at is off."""
    context = _facts(event, "title", "when", unnamed=UNNAMED_SPEAKER) | {
        "reason": event.cancel_reason
    }
    return _to_speaker("events.speaking_cancelled", talent, event, now, context)


def speaker_left(session, event, now):
    """Return the letter that tells the organiser that somebody took her name off a session; the agenda says who is left."""
    context = _facts(event, "title", "when", unnamed=UNNAMED_RUN) | {"session": session.title}
    key = f"{session.pk}:{now.timestamp()}"
    link = page_link("admin:events_event_agenda", event.pk)
    more = {"good_until": event.ends_at, "discreet": event.sensitive_topic}
    return Letter("events.speaker_left", event.organiser, key, context, link=link, **more)


def _to_speaker(kind, talent, event, now, context):
    more = {"good_until": event.ends_at, "discreet": event.sensitive_topic}
    key = f"{event.pk}:{talent.pk}:{now.timestamp()}"
    return Letter(kind, talent.user, key, context, link=_page(event), **more)


def message(booking, event, text, key):
    """Return the letter with what staff write to those who booked."""
    context = _facts(event, "title") | {"text": text}
    return _letter("events.message", booking, event, context, page=_page(event), key=key)


def shown_message(event, text):
    """Return what staff's `text` reads like: (in the inbox, by SMS or mail), in the active language."""
    context = _facts(event, "title") | {"text": text}
    notice = Notice(kind="events.message", context=context, discreet=event.sensitive_topic)
    return notice.body, notice.outside_body


def reminder(booking, event, moment):
    """Return the letter that reminds her of the event at one of its moments (events.reminders.Moment), for this start once."""
    more = ["how"] if moment.kind == "events.reminder_hour" else []
    return _letter(
        moment.kind,
        booking,
        event,
        _facts(event, "title", "when", "venue", *more),
        page=_where_she_takes_part(event),
        key=f"{booking.pk}:{int(event.starts_at.timestamp())}",
        good_until=moment.good_until(event),
        needed_by=None,
    )


def overtake(bookings, now):
    """Say that what was told about `bookings` so far is not how things stand any more; who answered is not reminded."""
    to = [booking.talent.user_id for booking in bookings if booking.talent.user_id]
    about = [booking.pk for booking in bookings]
    notices.overtake_all(to=to, kinds=OVERTAKEN, about=about, at=now)
    notices.withdraw_all(
        to=to, kinds=["events.offer_reminder"], keys=[str(pk) for pk in about], at=now
    )


# What waits for her on the page a letter of thanks leads to.
CERTIFICATE = {"zh-hans": "参加证书", "en": "your certificate"}
MATERIALS = {"zh-hans": "活动资料", "en": "the materials"}
FORM = {"zh-hans": "一分钟的反馈问卷", "en": "a one-minute feedback form"}


def _waiting(booking, event):
    """Return what waits for her, in both languages."""
    found = [
        words
        for words, is_there in (
            (CERTIFICATE, _gets_certificate(booking, event)),
            (MATERIALS, event.has_materials),
            (FORM, True),
        )
        if is_there
    ]
    return _in_a_row(found, "、", "和")


def _gets_certificate(booking, event):
    """Tell whether the event gives her a certificate, as far as it is known now how long she was there."""
    offer = getattr(event, "certificate_offer", None)
    if offer is None or not offer.least_percent:
        return offer is not None
    booking.event = event
    return minutes.percent_inside(booking) >= offer.least_percent


def _in_a_row(words, comma, last_comma):
    """Return things as one phrase in both languages: {"zh-hans": "甲、乙和丙", "en": "a, b and c"}."""
    chinese, english = ([word[code] for word in words] for code in ("zh-hans", "en"))
    return {
        "zh-hans": last_comma.join(filter(None, [comma.join(chinese[:-1]), chinese[-1]])),
        "en": " and ".join(filter(None, [", ".join(english[:-1]), english[-1]])),
    }


def thanks(booking, event, now):
    """Return the letter that thanks her for coming, the morning after, once: all that waits for her is on one page."""
    return _letter(
        "events.thanks",
        booking,
        event,
        _facts(event, "title") | {"waiting": _waiting(booking, event)},
        page=page_link("after_event", booking.code),
        due_at=out_of_night(max(now, event.door_closes_at())),
        good_until=event.ends_at + ANSWER_FOR,
        needed_by=None,
    )


def withdraw_thanks(booking, now):
    """Take the letter of thanks back where it has not gone out: she did not come after all."""
    to = [booking.talent.user_id] if booking.talent.user_id else []
    notices.withdraw_all(to=to, kinds=["events.thanks"], keys=[str(booking.pk)], at=now)


def material_added(booking, event, material, now):
    """Return the letter that tells her who came of what was put up on a day, the morning after."""
    due = out_of_night(midnight(now) + DAY)
    return _letter(
        "events.material_added",
        booking,
        event,
        _facts(event, "title"),
        page=page_link("after_event", booking.code),
        key=f"{booking.pk}:{material.pk}",
        due_at=due,
        good_until=due + MATERIAL_NEWS,
        needed_by=None,
    )


def withdraw_material_added(bookings, materials, now):
    """Take back what is not out yet about `materials` (keys): they were taken down again."""
    to = [booking.talent.user_id for booking in bookings if booking.talent.user_id]
    keys = [f"{booking.pk}:{pk}" for booking in bookings for pk in materials]
    notices.withdraw_all(to=to, kinds=["events.material_added"], keys=keys, at=now)


def absent(booking, event, rule, count):
    """Return the letter that says she is noted as absent, for the how many-th time, and what the rule makes of it."""
    terms = ("absences", "months", "weeks", "days_before")
    context = _facts(event, "title") | {name: getattr(rule, name) for name in terms}
    return _letter(
        "events.absent",
        booking,
        event,
        context | {"count": count},
        page=page_link("explain_absence", booking.code),
        due_at=out_of_night(event.settled_at),
        good_until=event.ends_at + EXPLAIN_FOR,
    )


def _about_certificate(kind, certificate, reason):
    event, user = certificate.event, certificate.talent and certificate.talent.user
    context = _facts(event, "title") | {"number": certificate.number, "reason": reason}
    more = {"link": page_link("my_certificates"), "discreet": event.sensitive_topic}
    return [Letter(kind, user, certificate, context, **more)] if user else []


def certificate_revoked(certificate):
    """Return the letter that says staff took a certificate's validity, and why; none to a guest."""
    return _about_certificate("events.certificate_revoked", certificate, certificate.revoke_reason)


def certificate_reissued(certificate, reason):
    """Return the letter that says she has a new one in the place of the old, and why; none to a guest."""
    return _about_certificate("events.certificate_reissued", certificate, reason)


# What she does not agree to any more, as the organiser reads it.
USES = {
    "site": {"zh-hans": "在网站展示", "en": "on the site"},
    "press": {"zh-hans": "供媒体使用", "en": "to the press"},
}


def photos_off(event, booking, use, count, now):
    """Return the letter that tells the organiser how many photos may not be used any more, and not for whose sake; none for none."""
    if not count:
        return []
    context = _facts(event, "title") | {"count": count, "use": USES[use]}
    key = f"{booking.pk}:{use}:{int(now.timestamp())}"
    link = page_link("admin:events_event_photos", event.pk)
    return [Letter("events.photos_off", event.organiser, key, context, link=link)]


def send(letters, now):
    """Queue `letters`; people a unit reported, without an account yet, get none. Returns the new notices."""
    return notices.queue_all([letter for letter in letters if letter.to], at=now)
