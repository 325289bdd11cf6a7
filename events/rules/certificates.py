"""Certificates: who gets one, who issues and reads them."""

from django.utils.translation import gettext as _

from events.rules.rights import why_not_manage, why_not_see_names
from kernel.errors import Conflict, Invalid, Refused


def why_not_offer(event, by):
    """Say why `by` may not say on what terms the event gives certificates."""
    if error := why_not_manage(event, by, "events.change_event"):
        return error
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能发证书。"))
    return None


def why_not_issue(event, by):
    """Say why `by` may not have the event's certificates issued now: who came has to be settled."""
    if error := why_not_see_names(event, by, "events.change_booking"):
        return error
    if not hasattr(event, "certificate_offer"):
        return Conflict("no_certificates", _("这场活动没有设置证书，请先设置。"))
    if event.is_cancelled or event.settled_at is None:
        return Conflict("not_settled", _("到场情况还没有核定，活动次日零点起才能签发证书。"))
    return None


def why_no_certificate(booking, offer, percent):
    """Say why she gets no certificate; `percent` is how much of the programme she was inside, in whole percent."""
    if booking.state != "attended":
        return Conflict("did_not_come", _("只有到场的人有证书；记录有误请与主办方联系。"))
    if percent < offer.least_percent:
        sentence = _(
            "证书要求在场时间达到 %(least)s%%，记录是 %(percent)s%%；记录有误请与主办方联系。"
        )
        return Conflict("too_short", sentence % {"least": offer.least_percent, "percent": percent})
    return None


def why_not_change_certificate(certificate, by):
    """Say why `by` may not revoke or reissue a certificate: never her own."""
    if by is not None and certificate.talent and certificate.talent.user_id == by.pk:
        return Refused("own_certificate", _("不能办理自己的证书，请同事办理。"))
    return why_not_see_names(certificate.event, by, "events.change_booking")


def why_not_revoke(certificate):
    """Say why a certificate cannot be revoked."""
    if certificate.is_valid:
        return None
    return Conflict("certificate_revoked", _("这份证书已经失效。"))


def why_not_reissue(certificate):
    """Say why a certificate cannot be issued anew."""
    if certificate.successor:
        sentence = _("这份证书已由 %(number)s 代替，请换发新的那一份。")
        return Conflict("certificate_replaced", sentence % {"number": certificate.successor.number})
    if not certificate.name:
        return Conflict("person_erased", _("本人的信息已按其要求删除，不能换发。"))
    if not certificate.is_valid and _is_noted_absent(certificate):
        sentence = _("她已记为未到场，不能换发参加证书；记录有误请先更正到场情况。")
        return Conflict("did_not_come", sentence)
    return None


def _is_noted_absent(certificate):
    bookings = certificate.event.bookings.filter(talent=certificate.talent)
    noted = bookings.filter(state__in=["absent", "excused"])
    return not certificate.is_speakers and noted.exists()


def why_not_put_name(certificate, name):
    """Say why `name` cannot stand on what is issued in place of a certificate: a guest is known by her name alone."""
    if not name:
        return Invalid("name_missing", _("请填写证书上的姓名。"), field="name")
    if certificate.talent_id is None and _has_another(certificate, name):
        sentence = _("这场活动已有一份%(name)s的感谢状，请核对姓名；同名的请加上单位区分。")
        return Invalid("name_taken", sentence % {"name": name}, field="name")
    return None


def _has_another(certificate, name):
    same = certificate.event.certificates.valid().filter(
        talent=None, kind=certificate.kind, name=name
    )
    return same.exclude(pk=certificate.pk).exists()


def why_not_fetch(certificate, by):
    """Say why `by` may not have the file: it is hers, and staff's who may know who came; while it is valid."""
    hers = by and certificate.talent and certificate.talent.user_id == by.pk
    if not hers and (error := why_not_see_names(certificate.event, by, "events.view_booking")):
        return error
    if not certificate.name:
        return Conflict("person_erased", _("本人的信息已删除。"))
    return why_not_revoke(
        certificate
    )  # a file of what is not valid any more would pass for one that is
