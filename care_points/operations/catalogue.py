"""What points are given for and what they are good for: rules, stations and services.

`by` is a User or None (the system), `now` an aware datetime. Changing nothing records nothing.
"""

from itertools import pairwise

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points.models import CAPS, CareStation, Provider, Service
from care_points.operations import cases
from care_points.seats import seats
from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from privacy import audit, changing

MOST_POINTS = 1000
MOST_OF_A_CAP = 1_000_000
STATION_FIELDS = ("name", "place", "active")
SERVICE_FIELDS = (
    "station",
    "category",
    "title",
    "description",
    "cost",
    "monthly_quota",
    "person_quota",
    "delivery",
    "event_code",
    "minutes",
    "buffer_minutes",
    "cancel_hours",
    "late_refund",
    "validity_days",
    "private",
    "offered_from",
    "offered_until",
    "period_quota",
    "once_a_year",
    "active",
)
SERVICE_NUMBERS = (
    "cost",
    "monthly_quota",
    "person_quota",
    "minutes",
    "buffer_minutes",
    "cancel_hours",
    "validity_days",
    "period_quota",
)
# A rule's code and unit are known to the program.
RULE_FIELDS = (
    "name",
    "name_en",
    "points",
    *CAPS,
    "valid_months",
    "active_from",
    "active_until",
)
# Of these the audit log keeps what they were and became: numbers and days, nobody's data.
COUNTED = ("points", *CAPS, "valid_months", "active_from", "active_until")
SERVICE_COUNTED = (
    "cost",
    "monthly_quota",
    "person_quota",
    "minutes",
    "buffer_minutes",
    "cancel_hours",
    "late_refund",
)
PROVIDER_FIELDS = (
    "station",
    "name",
    "kind",
    "weekly",
    "credentials",
    "user",
    "paused",
)


MOST_YEARS = 5  # papers are looked at again


@transaction.atomic
def save_station(*, station, by, now, operators=None, **fields):
    """Add (`station=None`) or change a Care Station; returns it.

    `operators` are the Users at its desk, all of them (None: as they are); `fields` are of
    STATION_FIELDS. Raises Refused.
    """
    verb = changing.verb("carestation", station)
    rights.require(by, f"care_points.{verb}")
    station, changed = changing.fill(CareStation, station, fields, STATION_FIELDS)
    if changed:
        station.save()
    if operators is not None and set(operators) != set(station.operators.all()):
        station.operators.set(operators)
        changed.append("operators")
    changing.record(f"care_points.{verb}", station, changed, by=by, at=now)
    return station


@transaction.atomic
def save_service(*, service, by, now, units=None, **fields):
    """Add (`service=None`) or change a service of the catalogue, keeping the version before; returns it.

    `fields` are of SERVICE_FIELDS; `units` are those a campaign invites, all of them (None: as they are; an empty list:
    every unit). What was redeemed already keeps its price and its rule of cancelling. Raises Refused,
    Invalid("minutes_missing") and what `why_not_numbers` and `why_not_campaign` return.
    """
    verb = changing.verb("service", service)
    rights.require(by, f"care_points.{verb}")
    before = {name: getattr(service, name) for name in SERVICE_FIELDS} if service else None
    service, changed = changing.fill(Service, service, fields, SERVICE_FIELDS)
    if error := why_not_numbers(service):
        raise error
    if service.delivery == "appointment" and not service.minutes:
        raise Invalid("minutes_missing", _("预约时间的服务要填写每次几分钟。"), field="minutes")
    # Twins of a station go one after another.
    CareStation.objects.select_for_update(of=("self",), no_key=True).get(pk=service.station_id)
    if error := why_not_campaign(service, units):
        raise error
    if error := _why_not_seat(service, changed) or why_not_private(service, changed, before):
        raise error
    if changed:
        service._history_user = by
        service.save()
    if units is not None and set(units) != set(service.units.all()):
        service.units.set(units)
        changed.append("units")
    counts = changing.counted(before, fields, changed, SERVICE_COUNTED) if before else {}
    changing.record(f"care_points.{verb}", service, changed, by=by, at=now, **counts)
    return service


def why_not_campaign(service, units=None):
    """Return why the period of a service, or whom it invites, makes no sense, as a DomainError, else None."""
    period = (service.offered_from, service.offered_until)
    if any(period) != all(period) or (all(period) and period[0] > period[1]):
        sentence = _("活动期间要填写从哪天到哪天，结束不早于开始。")
        return Invalid("period_backwards", sentence, field="offered_until")
    if service.period_quota is not None and not all(period):
        sentence = _("填写了活动期间总名额，就要填写活动期间。")
        return Invalid("period_missing", sentence, field="offered_from")
    if service.private and (all(period) or service.once_a_year):
        sentence = _("私密服务不能设活动期间，也不能设每人每年一次。")
        return Invalid("private_campaign", sentence, field="private")
    if units is None:
        units = service.units.all() if service.pk else ()
    if units and not all(period):
        sentence = _("只有设了活动期间的服务才能指定受邀单位。")
        return Invalid("units_without_period", sentence, field="unit_lines")
    return None


def _why_not_seat(service, changed):
    """Return why the event of a service cannot be one, as a DomainError, else None."""
    if not service.by_event:
        return None
    if not service.event_code:
        return Invalid("event_missing", _("活动席位的服务要填写活动编号。"), field="event_code")
    if {"delivery", "event_code"}.isdisjoint(changed):
        return None
    return seats().why_not_offer(service.event_code)


def why_not_private(service, changed, before):
    """Return why a service cannot be private, or be saved at all beside the private ones, as a DomainError, else None.

    A private one needs a twin: a voucher of the same station, price and validity, for otherwise these would name it on
    every voucher. `before` are its values so far, None for a new one.
    """
    if before and before["private"] != service.private:
        sentence = _("“私密服务”保存以后不能再改，请另加一项服务，把这一项停用。")
        return Conflict("private_fixed", sentence, field="private")
    if before and service.private and {"station", "delivery"} & set(changed):
        sentence = _("私密服务的加油站和方式不能再改，请另加一项服务。")
        return Conflict("private_fixed", sentence, field="private")
    if service.private and service.active and not _twins(service).exists():
        sentence = _(
            "私密服务要有伴：先在同一加油站设一项积分、有效天数都相同的普通到站服务，否则从积分就看得出来。"
        )
        return Conflict("private_without_twin", sentence, field="cost")
    was_twin = before and before["delivery"] == "voucher" and before["active"]
    if was_twin and not service.private:
        lonely = Service.objects.filter(private=True, active=True, **_shape(before))
        left = _twins(Service(**_shape(before))).exclude(pk=service.pk).exists()
        stays = service.active and _shape(before) == _shape(vars_of(service))
        if lonely.exists() and not left and not (stays and service.delivery == "voucher"):
            sentence = _("“%(title)s”是私密服务，靠这一项遮掩积分：请先停用它，或另设一项相同的。")
            return Conflict("twin_needed", sentence % {"title": lonely[0].title})
    return None


def vars_of(service):
    """Return the fields of a service as `save_service` compares them."""
    return {name: getattr(service, name) for name in SERVICE_FIELDS}


def _shape(values):
    """Return what a voucher shows of its service."""
    return {name: values[name] for name in ("station", "cost", "validity_days")}


def _twins(service):
    ordinary = Service.objects.filter(active=True, private=False, delivery="voucher")
    return ordinary.filter(**_shape(vars_of(service)))


@transaction.atomic
def save_provider(*, provider, by, now, services=None, **fields):
    """Add (`provider=None`) or change who gives services at a station; returns the Provider.

    `services` are all that are given (None: as they are), of the same station; `fields` of PROVIDER_FIELDS.
    Nobody is booked with a new one before `vet_provider`. Raises Refused, Invalid("service_elsewhere"),
    Conflict("provider_there_already").
    """
    verb = changing.verb("provider", provider)
    rights.require(by, f"care_points.{verb}")
    provider, changed = changing.fill(Provider, provider, fields, PROVIDER_FIELDS)
    same = Provider.objects.filter(station=provider.station, name=provider.name)
    if same.exclude(pk=provider.pk).exists():
        sentence = _("这个加油站已有同名的服务提供者。")
        raise Conflict("provider_there_already", sentence, field="name")
    elsewhere = [one for one in services or () if one.station_id != provider.station_id]
    if elsewhere:
        sentence = _("“%(service)s”是别的加油站的服务。") % {"service": elsewhere[0].title}
        raise Invalid("service_elsewhere", sentence, field="services")
    if error := why_not_counsellor(provider, services, changed, by):
        raise error
    if changed:
        provider.save()
    if services is not None and set(services) != set(provider.services.all()):
        provider.services.set(services)
        changed.append("services")
    changing.record(f"care_points.{verb}", provider, changed, by=by, at=now)
    return provider


def why_not_counsellor(provider, services, changed, by):
    """Return why a provider cannot give these private services or change hands, as a DomainError, else None.

    `services` are those to be given, None as they are. Who gives private services gives no other: her times are kept
    apart from theirs. Nobody makes herself a counsellor, nor hands another's cases to somebody.
    """
    if services is None:
        services = provider.services.all() if provider.pk else ()
    private = [one for one in services if one.by_case]
    if private and len(private) < len(list(services)):
        sentence = _("私密服务要由专门的老师提供：不要与其他服务选在一起。")
        return Invalid("private_and_others", sentence, field="services")
    linked = provider.pk and provider.cases.filter(voucher_index__isnull=False)
    if linked and "user" in changed and linked.exists():
        sentence = _("这位老师有 90 天以内的私密个案，不能换账号。请暂停预约，另加一位老师。")
        return Conflict("has_cases", sentence, field="user")
    if not private:
        return None
    if by is not None and provider.user_id == by.pk:
        sentence = _("不能把自己设为私密服务的老师，请同事办理。")
        return Refused("own_account", sentence, field="user")
    return cases.why_not_counsel(provider.user)


@transaction.atomic
def vet_provider(*, provider, until, by, now):
    """Note that `by` has checked a provider's papers and until which day they are good; returns the Provider.

    Raises Refused, Invalid("vetting_past", "vetting_too_long").
    """
    rights.require(by, "care_points.change_provider")
    today = timezone.localdate(now)
    if until < today:
        raise Invalid("vetting_past", _("有效期要在今天以后。"), field="until")
    if until > today + relativedelta(years=MOST_YEARS):
        sentence = _("一次最多核查 %(years)s 年。") % {"years": MOST_YEARS}
        raise Invalid("vetting_too_long", sentence, field="until")
    provider = Provider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    provider.vetted_until, provider.vetted_by = until, by
    provider.save(update_fields=["vetted_until", "vetted_by"])
    audit.record("care_points.vet_provider", provider, by=by, at=now, until=until.isoformat())
    return provider


@transaction.atomic
def change_rule(*, rule, by, now, **fields):
    """Change an earning rule, keeping the version before; returns it.

    `fields` are of RULE_FIELDS. What was given already stays given: a rule counts when points are earned.
    Each change makes one version more. Raises Refused, Invalid (`why_not_caps`, "points_out_of_range").
    """
    rights.require(by, "care_points.change_earningrule")
    before = {name: getattr(rule, name) for name in RULE_FIELDS}
    rule, changed = changing.fill(type(rule), rule, fields, RULE_FIELDS)
    if error := why_not_points(rule.points) or why_not_caps(*(getattr(rule, cap) for cap in CAPS)):
        raise error
    if changed:
        rule.version += 1
        rule._history_user = by
        rule.save()
    counts = changing.counted(before, fields, changed, COUNTED)
    changing.record("care_points.change_earningrule", rule, changed, by=by, at=now, **counts)
    return rule


def why_not_points(points):
    """Return why a rule cannot give so many points each time, as a DomainError, else None."""
    if isinstance(points, int) and 1 <= points <= MOST_POINTS:
        return None
    sentence = _("每次的积分须是 1 到 %(most)s 的整数。") % {"most": MOST_POINTS}
    return Invalid("points_out_of_range", sentence, field="points")


def why_not_numbers(service):
    """Return which number of a service is none or out of its range, as a DomainError, else None."""
    for name in SERVICE_NUMBERS:
        field, value = Service._meta.get_field(name), getattr(service, name)
        if value is None and field.null:
            continue
        if not isinstance(value, int):
            return Invalid("number_not_whole", _("请填写整数。"), field=name)
        try:
            field.run_validators(value)
        except ValidationError as error:
            return Invalid("number_out_of_range", error.messages[0], field=name)
    return None


def why_not_caps(daily, monthly, yearly):
    """Return why these caps (None: no cap) make no sense together, as a DomainError, else None."""
    caps = dict(zip(CAPS, (daily, monthly, yearly), strict=True))
    for name, cap in caps.items():
        if cap is not None and not (isinstance(cap, int) and 1 <= cap <= MOST_OF_A_CAP):
            sentence = _("上限须是 1 以上的整数；不设上限请留空。")
            return Invalid("cap_out_of_range", sentence, field=name)
    stated = [(name, cap) for name, cap in caps.items() if cap is not None]
    for (name, cap), (_longer, longer_cap) in pairwise(stated):
        if cap > longer_cap:
            sentence = _("上限不合理：每天的不能大于每月的，每月的不能大于每年的。")
            return Invalid("caps_do_not_fit", sentence, field=name)
    return None
