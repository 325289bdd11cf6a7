"""What a clerk has to decide: proposed changes of identities and of what units say, and claims of reported records."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, Unit
from kernel import masking
from kernel.words import month_text
from privacy.fields import EncryptedTextField

# What says who she is. Of a verified record these change by a clerk's decision alone.
IDENTITY_FIELDS = ("full_name", "birth_month", "id_number")
# What her unit may propose to change of a record she keeps herself.
WORK_FIELDS = ("unit_name", "position", "professional_title")
PROPOSED = (*IDENTITY_FIELDS, *WORK_FIELDS)


class NumbersMasked:
    """An identity number and a phone as they are shown without a reason."""

    @property
    def masked_id_number(self):
        """Return the identity number masked."""
        return masking.identity_number(self.id_number)

    @property
    def masked_phone(self):
        """Return the phone masked."""
        return masking.phone(self.phone)


class DecidedQuerySet(models.QuerySet):
    """Questions about what a clerk decides; the model says in `asked` which field is the time of asking."""

    def waiting(self):
        """Keep what nobody has decided yet, the longest waiting first."""
        return self.filter(state="waiting").order_by(self.model.asked, "pk")


class Decided(models.Model):
    """Something that waits in a state of its own until a clerk decides, or she takes it back."""

    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("办理人"),
    )

    class Meta:
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_decided_has_time",
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
            )
        ]

    @property
    def is_waiting(self):
        """Tell whether nobody has decided yet."""
        return self.state == "waiting"


class ProposalState(models.TextChoices):
    """Where a proposed change stands."""

    WAITING = "waiting", _("待核对")
    ACCEPTED = "accepted", _("已更正")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")
    REPLACED = "replaced", _("已被新申请代替")


class ProposalQuerySet(DecidedQuerySet):
    """Questions about proposals."""

    def visible_to(self, user):
        """Keep those about her own record; for staff, about records they may see."""
        from talents.models import Talent  # which imports this module

        return self.filter(talent__in=Talent.objects.visible_to(user))


class Proposal(Decided):
    """A change of identity she asks for, or of work her unit reports (`unit`), old beside new.

    What does not change stands on both sides. The identity number is encrypted, as in the record.
    """

    asked = "proposed_at"

    talent = models.ForeignKey(
        "talents.Talent", models.PROTECT, related_name="proposals", verbose_name=_("人才")
    )
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState, default="waiting")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("由单位提出"),
    )
    old_full_name = models.CharField(_("原姓名"), max_length=60, blank=True)
    full_name = models.CharField(_("新姓名"), max_length=60, blank=True)
    old_birth_month = models.DateField(_("原出生年月"), null=True, blank=True)
    birth_month = models.DateField(_("新出生年月"), null=True, blank=True)
    old_id_number = EncryptedTextField(_("原身份证号"), null=True, blank=True)
    id_number = EncryptedTextField(_("新身份证号"), null=True, blank=True)
    old_unit_name = models.CharField(_("原单位"), max_length=120, blank=True)
    unit_name = models.CharField(_("新单位"), max_length=120, blank=True)
    old_position = models.CharField(_("原职务"), max_length=80, blank=True)
    position = models.CharField(_("新职务"), max_length=80, blank=True)
    old_professional_title = models.CharField(_("原职称"), max_length=60, blank=True)
    professional_title = models.CharField(_("新职称"), max_length=60, blank=True)
    reason = models.CharField(_("未通过的原因"), max_length=200, blank=True)
    proposed_at = models.DateTimeField(_("申请时间"))

    objects = ProposalQuerySet.as_manager()

    class Meta(Decided.Meta):
        abstract = False
        verbose_name = _("更正申请")
        verbose_name_plural = pgettext_lazy("many", "更正申请")
        permissions = [("reveal_proposal", _("可以查看更正中的完整身份证号"))]
        constraints = [
            *Decided.Meta.constraints,
            models.UniqueConstraint(
                fields=["talent"],
                name="proposal_waiting_once",
                condition=Q(state="waiting", unit=None),
            ),
            models.UniqueConstraint(
                fields=["talent", "unit"],
                name="unit_proposal_waiting_once",
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="proposal_refused_has_reason", condition=~Q(state="refused") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at", "id"],
                name="proposal_waiting",
                condition=Q(state="waiting"),
            )
        ]

    def __str__(self):
        # A unit proposes no name, and what was proposed long ago is emptied.
        return self.old_full_name or self.full_name or str(self.talent)

    @property
    def changed(self):
        """Return the names of the fields it changes."""
        return [name for name in PROPOSED if self.new(name) != self.old(name)]

    def old(self, name):
        """Return a field as it stood in the record."""
        return getattr(self, f"old_{name}") or None

    def new(self, name):
        """Return a field as she wants it."""
        return getattr(self, name) or None

    @property
    def rows(self):
        """Return (label, old, new) of what it changes, numbers masked."""
        from talents.models import Talent

        columns = {"unit_name": "unit"}
        labels = {n: Talent._meta.get_field(columns.get(n, n)).verbose_name for n in PROPOSED}
        return [
            (labels[name], shown(name, self.old(name)), shown(name, self.new(name)) or _gone(name))
            for name in self.changed
        ]


def _gone(name):
    return _("已离开，新单位未填") if name == "unit_name" else ""


def shown(name, value):
    """Return the value of an identity field as people see it; "" where there is none."""
    if not value:
        return ""
    if name == "birth_month":
        return month_text(value)
    return masking.identity_number(value) if name == "id_number" else value


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    WAITING = "waiting", _("待核对")
    GRANTED = "granted", _("已认领")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "已撤回")
    UNDONE = "undone", _("认领已撤销")


class ClaimQuerySet(DecidedQuerySet):
    """Questions about claims."""

    def visible_to(self, user):
        """Keep her own; for staff who verify, those their department decides."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_staff or not user.has_perm("talents.view_claim"):
            return self.filter(user=user)
        if user.sees_all_departments:
            return self
        return self.filter(department=user.department_id)


class Claim(NumbersMasked, Decided):
    """A woman says that a unit has reported her record.

    `talent` is the record that fits what she gave, empty where none does; she is never told which it
    is. `code` went to the phone of that record. When it is granted, `kept` is what she had filled in
    herself, without an account from then on, and `before` what the record held: both are put back
    when a wrong claim is taken back.
    """

    asked = "asked_at"
    MOST_TRIES = 5

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="claims",
        verbose_name=_("申请人"),
        db_index=False,
    )
    talent = models.ForeignKey(
        "talents.Talent",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("相符的档案"),
    )
    kept = models.ForeignKey(
        "talents.Talent",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="kept_by",
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("所属部门")
    )
    state = models.CharField(_("状态"), max_length=10, choices=ClaimState, default="waiting")
    full_name = models.CharField(_("姓名"), max_length=60)
    id_number = EncryptedTextField(_("身份证号"), null=True, blank=True)
    phone = EncryptedTextField(_("报送时的手机号"), null=True, blank=True)
    unit_text = models.CharField(_("单位"), max_length=120, blank=True)
    code = EncryptedTextField(null=True, blank=True)
    # Where the code was asked for from; the worker pays it from that network's budget.
    code_address = EncryptedTextField(null=True, blank=True, editable=False)
    code_sends = models.PositiveSmallIntegerField(default=0, editable=False)
    code_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    before = EncryptedTextField(null=True, blank=True)
    # A keyed digest of where she asked from, to count claims by.
    address = models.CharField(max_length=64, blank=True, editable=False)
    by_phone = models.BooleanField(_("由报送的手机号证明"), default=False)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("申请时间"))

    objects = ClaimQuerySet.as_manager()

    class Meta(Decided.Meta):
        abstract = False
        verbose_name = _("认领申请")
        verbose_name_plural = pgettext_lazy("many", "认领申请")
        permissions = [("reveal_claim", _("可以查看认领申请中的完整号码"))]
        constraints = [
            *Decided.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"], name="claim_waiting_once", condition=Q(state="waiting")
            ),
            models.UniqueConstraint(
                fields=["talent"], name="claim_granted_once", condition=Q(state="granted")
            ),
            models.CheckConstraint(
                name="claim_granted_has_record",
                condition=~Q(state__in=["granted", "undone"]) | Q(talent__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_refused_has_reason",
                condition=~Q(state__in=["refused", "undone"]) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "asked_at", "id"],
                name="claim_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["user", "asked_at"], name="claim_user"),
            models.Index(fields=["address", "asked_at"], name="claim_address"),
        ]

    def __str__(self):
        return self.full_name or f"{self._meta.verbose_name} {self.pk}"

    @property
    def record_before(self):
        """Return what stood before it was claimed, as JSON takes it.

        {"record": {column: value}, "entries": {number: {column: value}}, "joining": [numbers of the draft's]}.
        """
        return json.loads(self.before)
