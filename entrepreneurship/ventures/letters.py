"""What women are told about their ventures. One may be told the same again, so the moment is in the key."""

from notices.operations import Letter, page_link, queue_all


def _send(kind, people, row, now, link, **context):
    key = f"{row.pk}@{now:%Y%m%d%H%M%S}"
    letters = [Letter(kind, one, key, context, link=link) for one in people if one is not None]
    queue_all(letters, at=now)


def _page(venture):
    return page_link("venture", venture.code)


def _founders(venture):
    rows = venture.founders.confirmed().select_related("talent__user")
    return [row.talent.user for row in rows]


def invited(founder, talent, now):
    """Send a woman of the database the link by which she confirms that she founds it."""
    link = page_link("venture_invitation", founder.pk, founder.secret)
    venture = founder.venture
    _send("entrepreneurship.founder_invited", [talent.user], founder, now, link, name=venture.name)


def joined(founder, now):
    """Tell who keeps the venture that a founder has confirmed."""
    venture = founder.venture
    kind = "entrepreneurship.founder_joined"
    _send(kind, [venture.talent.user], founder, now, _page(venture), name=venture.name)


def handed_over(venture, now):
    """Tell who keeps the venture from now on."""
    kind = "entrepreneurship.venture_handed"
    _send(kind, [venture.talent.user], venture, now, _page(venture), name=venture.name)


def corrected(venture, now):
    """Tell the founders that staff put something right."""
    kind = "entrepreneurship.venture_corrected"
    _send(kind, _founders(venture), venture, now, _page(venture), name=venture.name)


def _check_page(venture):
    return page_link("venture_check", venture.code)


def check_asked(venture, check, now):
    """Ask who keeps the venture for the yearly check."""
    kind = "entrepreneurship.check_asked"
    _send(kind, [venture.talent.user], check, now, _check_page(venture), name=venture.name)


def check_again(venture, check, now):
    """Remind her of it, once."""
    kind = "entrepreneurship.check_again"
    _send(kind, [venture.talent.user], check, now, _check_page(venture), name=venture.name)
