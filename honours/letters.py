"""What women are told about their honours. One may be told the same thing twice, so the moment is in the key."""

from notices.operations import Letter, page_link, queue_all

PAGE = "my_honours"


def _send(kind, row, now, **context):
    if row.talent.user is None:
        return
    words = {"honour": row.honour.names} | context
    key = f"{row.pk}@{now:%Y%m%d%H%M%S}"
    queue_all([Letter(kind, row.talent.user, key, words, link=page_link(PAGE))], at=now)


def granted(award, now):
    """Tell her that an honour is on her record, and where the certificate is."""
    _send("honours.granted", award, now)


def corrected(award, now):
    """Tell her that what is written of it was put right, and that a new certificate took the old one's place."""
    _send("honours.corrected", award, now)


def revoked(award, now):
    """Tell her that it does not stand any more, in words that accuse nobody; the reason is on her page alone."""
    _send("honours.revoked", award, now)


def restored(award, now):
    """Tell her that it stands again."""
    _send("honours.restored", award, now)


def sent(recommendation, now):
    """Tell her where she was recommended."""
    _send("honours.sent", recommendation, now, to=recommendation.sent_to)


def not_granted(recommendation, now):
    """Tell her that it was not granted."""
    _send("honours.not_granted", recommendation, now)


def looked_at_again(recommendation, now):
    """Tell her that the answer she was told is being checked."""
    _send("honours.looked_at_again", recommendation, now)


def withdrawn(recommendation, now):
    """Tell her that the recommendation was taken back."""
    _send("honours.withdrawn", recommendation, now)


def suggested(call, reserves, now):
    """Tell those on reserve of earlier calls, once each, that a fitting one takes applications."""
    titles = {"zh-hans": call.title, "en": call.title_en or call.title}
    link = page_link("call", call.code)
    letters = [
        Letter("honours.suggested", reserve.talent.user, call, {"title": titles}, link=link)
        for reserve in reserves
        if reserve.talent.user
    ]
    queue_all(letters, at=now)
