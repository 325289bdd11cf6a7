"""Seats of events as services: what the app that keeps events declares (kernel.portal, field `seats`)."""

from collections.abc import Callable
from dataclasses import dataclass

from kernel import portal


@dataclass(frozen=True)
class Seats:
    """How a seat is had for points; the app above writes both in one transaction, care_points knows no event.

    Arguments:
        why_not_offer: (code) → why the event of this code cannot be a service, as a DomainError, or None.
        why_not_take: (code, talent, at) → why she cannot have a seat of it now, or None.
        redeem: takes what operations.redeem does, less the slot; returns the Redemption.
        facts: (code) → {title, when, where, address} for the pages, or None where there is no such event.
    """

    why_not_offer: Callable
    why_not_take: Callable
    redeem: Callable
    facts: Callable


def seats():
    """Return the Seats that are declared; None where no app has any."""
    return next(iter(portal.listed("seats")), None)


def facts(service):
    """Return what pages say of the event of a service, None where it is no seat."""
    return seats().facts(service.event_code) if service.by_event and seats() else None
