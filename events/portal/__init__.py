"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points.sources import Source
from events import (
    cards,
    departures,
    engagements,
    growth,
    holes,
    merging,
    openings,
    personal_data,
    queue,
    reports,
)
from events.operations import taking_over
from events.paid_seats import SEATS
from events.portal.notices import NOTICES
from events.portal.privacy import PURPOSES, RETENTION
from events.portal.verbs import VERBS
from events.standing import HOLDS
from kernel.holes import Hole
from kernel.portal import (
    Card,
    Declaration,
    Entry,
    Figure,
    Item,
    Joint,
    Line,
    Openings,
    Page,
    PersonalData,
    Place,
    Report,
    Role,
    TakingPart,
)
from talents.departures import Departure

MANAGING = (
    "events.view_event",
    "events.add_event",
    "events.change_event",
    "events.publish_event",
    "events.view_series",
    "events.add_series",
    "events.change_series",
    "events.view_booking",
    "events.change_booking",
    "events.check_in_booking",
    "events.export_booking",
)

PERMISSIONS = {
    "department_clerk": MANAGING,
    "event_organiser": MANAGING,
    "auditor": ("events.view_event", "events.view_series", "events.view_booking"),
    "administrator": (
        *MANAGING,
        "events.view_noshowrule",
        "events.add_noshowrule",
        "events.view_bookinghold",
        "events.change_bookinghold",
    ),
}

# Measure 9 rewards attendance.
POINTS = {
    "event_attendance": Source(
        "参加活动",
        "Attending an event",
        unit="event",
        points=10,
        yearly_cap=200,
        right="events.check_in_booking",
        undone=_("签到已撤销"),
    ),
}


def _of_measure(section, order, title, icon, measure):
    return Item(section, order, title, icon, "events_event", query=f"?measure__exact={measure}")


NAVIGATION = (
    Item(1, 30, _("交流活动"), "event", "events_event"),
    Item(1, 31, pgettext_lazy("many", "活动系列"), "event_repeat", "events_series"),
    Item(1, 32, _("报名审核"), "fact_check", "events_booking"),
    Item(1, 34, _("未到场规则"), "rule", "events_noshowrule"),
    Item(1, 36, _("报名限制"), "timer_off", "events_bookinghold"),
    _of_measure(2, 10, _("创业培训"), "storefront", 3),
    _of_measure(2, 20, _("创新行动"), "rocket_launch", 4),
    _of_measure(3, 10, _("宣讲与先进典型"), "campaign", 6),
    _of_measure(3, 20, _("学术网络"), "hub", 7),
    _of_measure(4, 10, _("生育友好与身心关爱"), "spa", 8),
    _of_measure(5, 10, _("进校园与科普"), "school", 10),
)

QUEUE = (
    Entry(40, "events.change_event", queue.drafts),
    Entry(45, "events.change_booking", queue.requests),
    Entry(46, "events.check_in_booking", queue.hours_to_record),
    Entry(48, "events.change_event", queue.links_missing),
    Entry(50, "events.change_event", queue.full_events),
    Entry(55, "events.change_event", queue.events_set_aside),
)

FIGURES = (
    Figure(30, "events.view_event", _("即将举行"), _("已发布的活动"), queue.upcoming),
    Figure(40, "events.view_booking", _("本月签到"), _("人次"), queue.check_ins),
)

CARDS = (
    Card("main", 20, "events/card_next.html", cards.next_booking, cards.COMING_CARD),
    Card("main", 25, "events/card_invited.html", cards.for_her, cards.FOR_HER),
    Card(
        "main",
        30,
        "events/card_open.html",
        cards.open_events,
        cards.COMING_CARD,
        cards.said_to_many,
    ),
)

HOLES = {
    "seats": Hole(holes.seats, moves=True),
    "seats_badge": Hole(holes.seats_badge, moves=True),
    "booking_card": Hole(holes.booking_card, moves=True),
    "own_badge": Hole(holes.own_badge),
    "event_parts": Hole(holes.event_parts),
    "materials": Hole(holes.materials_for_her),
    "staff_card": Hole(holes.staff_card),
}

LISTED = {"cpu": 0.3, "rate": 5000}
HERS = {"cpu": 5, "trips": 3}
BENCH = (
    Page(20, "event list", "/events/", "{title}", "anybody", LISTED),
    Page(30, "event page", "/events/{event}/", "{title}", "anybody", {"cpu": 0.3}),
    Page(40, "event list, signed in", "/events/", "has-tabs", "woman", HERS),
    Page(50, "event page, signed in", "/events/{event}/", "csrfmiddlewaretoken", "woman", HERS),
    Page(
        70,
        "API, 50 events",
        "/api/v1/events/?limit=50",
        "next",
        "partner",
        {"cpu": 2},
    ),
)

declaration = Declaration(
    counted_with_user={"booking_holds": HOLDS},
    movings=(merging.MOVING, merging.INVITATIONS, merging.CERTIFICATES, merging.SPEAKING),
    taking_part=(TakingPart(10, "events", _("到场参加过活动"), reports.came_since),),
    departures=(
        Departure(10, departures.seats_lost, departures.give_seats_back),
        Departure(11, departures.agendas_left, departures.stop_naming),
    ),
    roles=(
        Role(
            "event_organiser",
            _("活动组织者"),
            40,
            also=(
                "accounts.view_department",
                "accounts.view_unit",
                "accounts.view_jointaction",
            ),
        ),
    ),
    permissions=PERMISSIONS,
    notices=NOTICES,
    openings=Openings(10, openings.RULES, openings.find),
    engagements=(engagements.engagements,),
    growth=growth.milestones,
    personal_data=PersonalData(
        30,
        _("活动报名"),
        personal_data.COVERS,
        personal_data.collect,
        files=personal_data.photos,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    purposes=PURPOSES,
    consent_sources={
        "booking": _("报名时或在“我的报名”"),
        "door": _("活动现场，由工作人员询问"),
    },
    retention=RETENTION,
    benefits=(Line(10, _("报名活动")),),
    verbs=VERBS,
    points=POINTS,
    seats=SEATS,
    scopes={"events:read": _("读取活动"), "events:name": _("推荐本单位人员参加活动")},
    api="events.api",
    api_sections={"events": pgettext_lazy("many", "活动")},
    places=(
        Place(10, "events/", pgettext_lazy("many", "活动"), "calendar-days"),
        Place(30, "events/", pgettext_lazy("many", "活动"), footer=True),
    ),
    navigation=NAVIGATION,
    queue=QUEUE,
    figures=FIGURES,
    cards=CARDS,
    report=Report(20, reports.monthly, reports.sections, reports.tables),
    statistics={"events": reports.STATISTICS},
    joint={
        taking_over.TAKE_OVER: Joint(
            _("接手敏感主题活动"),
            taking_over.carry_out,
            taking_over.facts,
            "events.change_event",
        )
    },
    holes=HOLES,
    public_models=(
        "events.Event",
        "events.Session",
        "events.Speaker",
        "events.Series",
        "events.Material",
        "events.Photo",
        "events.PhotoPerson",
        "events.SharePicture",
    ),
    beat={
        "events.tasks.expire_offers": 60,
        "events.tasks.open_pools": 60,
        "events.tasks.remind": 60,
        "events.tasks.settle_events": 3600,
        "events.tasks.issue_certificates": 300,
        "events.tasks.draw_share_pictures": 300,
    },
    demo="events.demo",
    bench=BENCH,
)
