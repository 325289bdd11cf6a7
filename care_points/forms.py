"""Forms of points: they parse and validate; operations decide."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold import widgets

from accounts.models import Unit, User
from accounts.phones import normalise
from care_points import operations
from care_points.models import (
    CareStation,
    Delivery,
    Provider,
    Service,
    WhyUnspent,
)
from care_points.operations import adjusting
from care_points.slots import Slot
from kernel import ids
from kernel.admin.forms import OperationForm, reason_field, reason_form
from kernel.admin.widgets import HalfHourMoment
from kernel.errors import DomainError
from kernel.forms import CodeForm, code_field, photo_field
from places.forms import WeekField, date_field
from privacy import limits
from privacy.crypto import blind_index
from talents.models import Talent

MOST_PEOPLE = 200
SLOT = "%Y-%m-%dT%H:%M"  # how a time travels in an address
# A list of guesses would find the number behind a masked one; after so many misses nobody looks on.
MOST_MISSES = 10


class SlotForm(forms.Form):
    """The time she chose on the page of free times, as its links carry it."""

    at = forms.DateTimeField(required=False, input_formats=[SLOT], widget=forms.HiddenInput)
    provider = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    @property
    def slot(self):
        """Return the slots.Slot of a valid form, None where none was chosen."""
        at = self.cleaned_data.get("at")
        return Slot(at, self.cleaned_data.get("provider")) if at else None


class RedeemForm(SlotForm):
    """What the confirmation page sends back: its key, the price it showed, the time that was chosen."""

    key = forms.RegexField(r"^[0-9A-Z]{20}$", widget=forms.HiddenInput)
    cost = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @classmethod
    def for_service(cls, service, slot=None):
        """Return an unbound form with a key of its own for one redemption of the service."""
        initial = {"key": ids.code(20), "cost": service.cost}
        return cls(initial=initial | slot_fields(slot))


def slot_fields(slot):
    """Return a Slot as forms and links carry it; nothing for none."""
    if slot is None:
        return {}
    at = timezone.localtime(slot.starts_at).strftime(SLOT)
    return {"at": at} | ({"provider": slot.provider} if slot.provider else {})


class DayForm(forms.Form):
    """What the page of free times is asked for: a day, and with whom."""

    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    provider = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class WordForm(forms.Form):
    """Why something is taken back at the desk."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        help_text=gettext_lazy("如“扫错了人”。"),
        error_messages={"required": gettext_lazy("请写明撤回的原因。")},
    )


class UnspentForm(forms.Form):
    """Why she has never used her points; to answer is hers to choose."""

    answer = forms.ChoiceField(
        label=gettext_lazy("主要原因"),
        choices=[choice for choice in WhyUnspent.choices if choice[0] != WhyUnspent.NOT_NOW],
        widget=forms.RadioSelect,
    )


class VoucherForm(CodeForm):
    """A voucher's code as typed or scanned at the desk."""

    code = code_field(
        gettext_lazy("兑换码"),
        gettext_lazy("10 位字母和数字，大小写、空格都可以。"),
        enterkeyhint="search",
    )
    photo = photo_field(gettext_lazy("拍下兑换二维码"))
    nothing_typed = gettext_lazy("请输入对方出示的 10 位兑换码。")
    nothing_found = gettext_lazy("照片里没有找到二维码，请靠近一些、对准重拍，或直接输入兑换码。")

    def clean(self):
        """Read the code from the photo when one was taken; ask for either."""
        data = super().clean()
        if self.errors:
            return data
        try:
            return data | {"code": self.typed()}
        except DomainError as error:  # no code in it, or another photo is being read
            error.add_to(self)
            return data


def _people(lines, *, by_phone, by_code, missing, by):
    """Return the people whom `lines` name, one a line, by phone or by code; each once.

    `by_phone` and `by_code` are querysets of those who may be named so; two queries, however many
    lines. Raises ValidationError with `missing` (%(number)s) for each line that names nobody; what names
    nobody counts against `by`, whoever types guesses is stopped (privacy.limits).
    """
    typed = {n: line.strip() for n, line in enumerate(lines.splitlines(), start=1) if line.strip()}
    phones = {
        n: blind_index("phone", normalise(text)) for n, text in typed.items() if normalise(text)
    }
    codes = {n: ids.tidy(text) for n, text in typed.items() if n not in phones}
    named = {}

    def find():
        with_phone = by_phone.filter(phone_index__in=phones.values()).order_by("-pk")
        with_phone = {person.phone_index: person for person in with_phone}
        with_code = {person.code: person for person in by_code.filter(code__in=codes.values())}
        for n in typed:
            named[n] = with_phone.get(phones.get(n)) or with_code.get(codes.get(n))
        return [named[n] for n in phones if named[n]], sum(named[n] is None for n in phones)

    if phones:
        try:
            limits.look_up(find, by=by, now=timezone.now())
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
    else:
        find()
    if misses := [n for n, person in named.items() if person is None]:
        raise forms.ValidationError([missing % {"number": n} for n in misses[:MOST_MISSES]])
    return list(dict.fromkeys(named.values()))


class RecordHoursForm(forms.Form):
    """Volunteer hours of one activity for one or many women."""

    people = forms.CharField(
        label=gettext_lazy("参加人员"),
        strip=False,  # a blank first line still counts as line 1
        help_text=gettext_lazy("每行一人，填手机号或人才编号，最多 200 人。"),
        widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("请填写参加人员，每行一人。")},
    )
    activity = forms.CharField(
        label=gettext_lazy("志愿服务内容"),
        max_length=80,
        widget=widgets.UnfoldAdminTextInputWidget,
        error_messages={"required": gettext_lazy("请填写志愿服务内容，如“社区科普讲座”。")},
    )
    day = forms.DateField(
        label=gettext_lazy("日期"),
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("请选择日期。"),
            "invalid": gettext_lazy("请按 2026-03-08 的样子填写日期。"),
        },
    )
    start = forms.TimeField(
        label=gettext_lazy("开始时间"),
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "time"}),
        error_messages={
            "required": gettext_lazy("请填写开始时间。"),
            "invalid": gettext_lazy("请按 14:00 的样子填写时间。"),
        },
    )
    hours = forms.DecimalField(
        label=gettext_lazy("时长（小时）"),
        min_value=0.5,
        max_value=12,
        decimal_places=1,
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "number", "step": "0.5"}),
        help_text=gettext_lazy("以半小时计，如 1.5；一次最多 12 小时。"),
        error_messages={
            "required": gettext_lazy("请填写时长，如 1.5。"),
            "invalid": gettext_lazy("请填写数字，如 1.5。"),
            "min_value": gettext_lazy("时长至少半小时。"),
            "max_value": gettext_lazy("一次最多 12 小时，更长的请分日登记。"),
        },
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_people(self):
        """Return the talents named, all of them in the clerk's own department."""
        lines = self.cleaned_data["people"].splitlines()
        if sum(1 for line in lines if line.strip()) > MOST_PEOPLE:
            raise forms.ValidationError(_("一次最多登记 200 人，请分批填写。"))
        visible = Talent.objects.visible_to(self.user).verified()
        talents = _people(
            self.cleaned_data["people"],
            by_phone=visible,
            by_code=visible,
            missing=_("第 %(number)s 行：没有找到已入库的人才，请核对手机号或人才编号。"),
            by=self.user,
        )
        if not talents:
            raise forms.ValidationError(self.fields["people"].error_messages["required"])
        return talents

    def clean_hours(self):
        """Return the length in half hours."""
        halves = self.cleaned_data["hours"] * 2
        if halves != int(halves):
            raise forms.ValidationError(_("时长以半小时计，请填写 0.5 的倍数。"))
        return int(halves)

    def clean(self):
        """Put day and time together as a moment in Asia/Shanghai."""
        data = super().clean()
        if data.get("day") and data.get("start"):
            data["starts_at"] = timezone.make_aware(datetime.combine(data["day"], data["start"]))
            self._check_period(data)
        return data

    def _check_period(self, data):
        """Ask the rule, with the least it may be where the length itself is wrong."""
        half_hours = data.get("hours", 1)
        if error := operations.why_not_period(data["starts_at"], half_hours, timezone.now()):
            self.add_error("hours" if error.field == "half_hours" else "day", str(error))


MOST_ADJUSTED = 20  # each of them is confirmed by itself


class AdjustForm(forms.Form):
    """Points to be put on, or taken off, for one woman or some, and why."""

    people = forms.CharField(
        label=gettext_lazy("女性科技人才"),
        strip=False,
        help_text=gettext_lazy(
            "每行一人，填手机号或人才编号，最多 20 人；每人一项申请，逐项确认。"
        ),
        widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写人员，每行一人。")},
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("增加或扣减"),
        choices=[("", "—"), ("+", gettext_lazy("增加")), ("-", gettext_lazy("扣减"))],
        widget=widgets.UnfoldAdminSelectWidget,
        error_messages={"required": gettext_lazy("请选择增加还是扣减。")},
    )
    points = forms.IntegerField(
        label=gettext_lazy("积分"),
        min_value=1,
        max_value=adjusting.MOST,
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("每人多少分，1 到 10000 的整数。"),
        error_messages={
            name: gettext_lazy("请填写 1 到 10000 的整数。")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    reason = reason_field(gettext_lazy("确认的同事和本人都会看到，至少四个字。"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_people(self):
        """Return the talents named."""
        lines = self.cleaned_data["people"]
        if sum(1 for line in lines.splitlines() if line.strip()) > MOST_ADJUSTED:
            raise forms.ValidationError(_("一次最多填写 20 人，请分批填写。"))
        # Whoever keeps the points sees every account; a record of any state may hold some.
        talents = _people(
            lines,
            by_phone=Talent.objects.all(),
            by_code=Talent.objects.all(),
            missing=_("第 %(number)s 行：没有找到这个人，请核对手机号或人才编号。"),
            by=self.user,
        )
        if not talents:
            raise forms.ValidationError(self.fields["people"].error_messages["required"])
        return talents


# Why something is refused or taken back.
ReasonForm = reason_form(
    gettext_lazy("本人会看到这句话。"),
    label=gettext_lazy("原因"),
    missing=gettext_lazy("请写明原因，本人会看到。"),
)


class StationForm(OperationForm):
    """A Care Station; its operators are named by phone or user code, so no list of users is shown."""

    operator_lines = forms.CharField(
        label=gettext_lazy("核销人员"),
        required=False,
        strip=False,
        help_text=gettext_lazy("每行一人，填登录手机号或用户编号；删去一行即取消其核销权限。"),
        widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    class Meta:
        model = CareStation
        fields = operations.STATION_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            codes = self.instance.operators.order_by("pk").values_list("code", flat=True)
            self.initial["operator_lines"] = "\n".join(codes)

    def clean_operator_lines(self):
        """Return the users named."""
        active = User.objects.filter(is_active=True)
        return _people(
            self.cleaned_data["operator_lines"],
            by_phone=active.filter(phone_verified=True),
            by_code=active,
            missing=_("第 %(number)s 行：没有找到这个账号，请核对手机号或用户编号。"),
            by=self.by,
        )

    def operate(self, stored, *, operator_lines=None, **values):
        """Add or change the station; its people where the form asked for them."""
        return operations.save_station(station=stored, operators=operator_lines, **values)


class ServiceForm(OperationForm):
    """What the catalogue says of a service; the units a campaign invites are named, one a line."""

    unit_lines = forms.CharField(
        label=gettext_lazy("受邀单位"),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "年度体检等活动填写，每行一个单位的全称；留空表示面向所有单位。只通知、只接受这些单位的女性。"
        ),
        widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    class Meta:
        model = Service
        fields = operations.SERVICE_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.units.order_by("name").values_list("name", flat=True)
            self.initial["unit_lines"] = "\n".join(names)

    def clean_unit_lines(self):
        """Return the units named, each once."""
        lines = self.cleaned_data["unit_lines"].splitlines()
        typed = {n: line.strip() for n, line in enumerate(lines, start=1) if line.strip()}
        found = Unit.objects.named(typed.values())
        misses = [n for n, name in typed.items() if name not in found]
        if misses:
            missing = _("第 %(number)s 行：没有找到这个单位，请填“单位”里登记的全称。")
            raise forms.ValidationError([missing % {"number": n} for n in misses[:MOST_MISSES]])
        return list(dict.fromkeys(found.values()))

    def operate(self, stored, *, unit_lines=None, **values):
        """Add or change the service; its units where the form asked for them."""
        return operations.save_service(service=stored, units=unit_lines, **values)


class ProviderForm(OperationForm):
    """Who gives services at a station; her account, if she has one, is named by phone or user code."""

    weekly = WeekField(label=gettext_lazy("每周工作时间"))
    account = forms.CharField(
        label=gettext_lazy("账号"),
        required=False,
        help_text=gettext_lazy("可不填。填登录手机号或用户编号，本人就能看到自己的预约。"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Provider
        fields = ("station", "name", "kind", "services", "weekly", "credentials", "paused")
        widgets = {"services": widgets.UnfoldAdminCheckboxSelectMultipleWidget}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if services := self.fields.get("services"):  # who only looks has no field of it
            rows = Service.objects.filter(delivery=Delivery.APPOINTMENT).select_related("station")
            if self.instance.pk:
                rows = rows.filter(station=self.instance.station_id)
            else:
                services.label_from_instance = lambda one: f"{one.title} · {one.station.name}"
            services.queryset = rows.order_by("station", "title")
        if self.instance.user:
            self.initial["account"] = self.instance.user.code

    def clean_account(self):
        """Return the user named, None for none."""
        active = User.objects.filter(is_active=True)
        people = _people(
            self.cleaned_data["account"],
            by_phone=active.filter(phone_verified=True),
            by_code=active,
            missing=_("没有找到这个账号，请核对手机号或用户编号。"),
            by=self.by,
        )
        return people[0] if people else None

    def operate(self, stored, *, account=None, services=(), **values):
        """Add or change the provider."""
        return operations.save_provider(
            provider=stored, services=list(services), user=account, **values
        )


class VettingForm(forms.Form):
    """Until when a provider's papers are good."""

    until = date_field(gettext_lazy("资质有效至"))


class LeaveForm(forms.Form):
    """From when to when a provider is away."""

    starts_at = forms.SplitDateTimeField(label=gettext_lazy("从"), widget=HalfHourMoment)
    ends_at = forms.SplitDateTimeField(label=gettext_lazy("到"), widget=HalfHourMoment)
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=60,
        help_text=gettext_lazy("只有工作人员看得到，如“培训”。不要写病情。"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )


class MoveForm(forms.Form):
    """Another time for an appointment: one of those that are free."""

    slot = forms.ChoiceField(label=gettext_lazy("新的时间"), widget=widgets.UnfoldAdminSelectWidget)

    def __init__(self, *args, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = choices

    def clean_slot(self):
        """Return the slots.Slot chosen."""
        at, provider = self.cleaned_data["slot"].split("|")
        return Slot(timezone.make_aware(datetime.strptime(at, SLOT)), int(provider))  # noqa: DTZ007


class CorrectionForm(forms.Form):
    """What became of an appointment after all, and why that is known."""

    came = forms.TypedChoiceField(
        label=gettext_lazy("更正为"),
        choices=[
            ("yes", gettext_lazy("到了，服务已提供")),
            ("no", gettext_lazy("没能来，情有可原，积分退回")),
        ],
        coerce=lambda value: value == "yes",
        widget=widgets.UnfoldAdminSelectWidget,
    )
    reason = reason_field(gettext_lazy("如“当班同事证实她到了”“突发疾病，已核实”。"))
