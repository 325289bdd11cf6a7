"""Measure 2 (and the events of 3, 6, 8, 9, 10): events, seats and the waiting list."""

from events.models.bookings import (
    ENDED_STATES,
    GIVEN_UP_STATES,
    HELD_STATES,
    NEWEST_FIRST,
    SEATED_STATES,
    Absence,
    Booking,
    BookingState,
    Childcare,
)
from events.models.calendar_links import CalendarLink
from events.models.certificates import (
    Certificate,
    CertificateKind,
    CertificateOffer,
    RevokeCause,
)
from events.models.choices import (
    EventKind,
    EventState,
    Mode,
    OfferHours,
    Platform,
    Region,
    Stage,
    Visibility,
)
from events.models.event_queries import LATEST_FIRST, NEXT_FIRST, EventQuerySet, open_to_booking
from events.models.events import Event, seats_left
from events.models.feedback import (
    FEWEST,
    WORDS_LENGTH,
    Feedback,
    FeedbackGiven,
    Score,
)
from events.models.groups import GroupBooking
from events.models.invitations import Invitation
from events.models.materials import (
    VERSIONS_KEPT,
    Audience,
    Material,
    MaterialFile,
    MaterialLanguage,
    MaterialPiece,
)
from events.models.no_show import (
    BookingHold,
    NoShowRule,
)
from events.models.on_site import CodeWord, GivenSeat, MeetingList
from events.models.paid_seats import PaidSeat
from events.models.passages import Passage, Source, Way
from events.models.photos import (
    HiddenWhy,
    Photo,
    PhotoAnswer,
    PhotoPerson,
    PhotoPiece,
    PhotoSize,
)
from events.models.pools import Pool, PoolKind
from events.models.series import Series
from events.models.sessions import Session, Sex, Speaker
from events.models.share_pictures import SharePicture
from events.models.transfers import Transfer

__all__ = [
    "ENDED_STATES",
    "FEWEST",
    "GIVEN_UP_STATES",
    "HELD_STATES",
    "LATEST_FIRST",
    "NEWEST_FIRST",
    "NEXT_FIRST",
    "SEATED_STATES",
    "VERSIONS_KEPT",
    "WORDS_LENGTH",
    "Absence",
    "Audience",
    "Booking",
    "BookingHold",
    "BookingState",
    "CalendarLink",
    "Certificate",
    "CertificateKind",
    "CertificateOffer",
    "Childcare",
    "CodeWord",
    "Event",
    "EventKind",
    "EventQuerySet",
    "EventState",
    "Feedback",
    "FeedbackGiven",
    "GivenSeat",
    "GroupBooking",
    "HiddenWhy",
    "Invitation",
    "Material",
    "MaterialFile",
    "MaterialLanguage",
    "MaterialPiece",
    "MeetingList",
    "Mode",
    "NoShowRule",
    "OfferHours",
    "PaidSeat",
    "Passage",
    "Photo",
    "PhotoAnswer",
    "PhotoPerson",
    "PhotoPiece",
    "PhotoSize",
    "Platform",
    "Pool",
    "PoolKind",
    "Region",
    "RevokeCause",
    "Score",
    "Series",
    "Session",
    "Sex",
    "SharePicture",
    "Source",
    "Speaker",
    "Stage",
    "Transfer",
    "Visibility",
    "Way",
    "open_to_booking",
    "seats_left",
]
