"""People who sign in, the seven departments of the policy, and partner units."""

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Permission,
    PermissionsMixin,
)
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import browsers
from accounts.names import unit_key
from kernel import ids, masking, portal
from privacy.crypto import blind_index, keyed_digest
from privacy.fields import BlindIndexField, EncryptedTextField


class Department(models.Model):
    """One of the seven bodies that issued the ten measures; rows come from a data migration."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60, unique=True)
    short_name = models.CharField(_("简称"), max_length=20)
    name_en = models.CharField(_("英文名称"), max_length=120)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = pgettext_lazy("many", "部门")
        ordering = ["order"]

    def __str__(self):
        return self.name_en if get_language() == "en" else self.short_name

    @property
    def label(self):
        """Return the whole name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name


class UnitKind(models.TextChoices):
    """Kinds of units that send talents or read the API; kept as codes."""

    ENTERPRISE = "enterprise", _("企业")
    RESEARCH_INSTITUTE = "research_institute", _("科研院所")
    SCHOOL = "school", _("学校")
    HOSPITAL = "hospital", _("医院")
    ASSOCIATION = "association", _("协会社团")
    BANK = "bank", _("银行")
    GOVERNMENT = "government", _("机关")


class UnitQuerySet(models.QuerySet):
    """Questions about units."""

    LONGEST_QUERY = 40

    def spelled(self, name):
        """Return the unit a typed name means, or None when none or several could be meant."""
        key = unit_key(name)
        units = list(self.filter(match_key=key)[:2]) if key else []
        return units[0] if len(units) == 1 else None

    def named(self, names):
        """Return {name: the unit it means} of those that mean one. Queries: one, however many names."""
        keys, units = {name: unit_key(name) for name in names}, {}
        for unit in self.filter(match_key__in=keys.values()):
            units.setdefault(unit.match_key, []).append(unit)
        return {name: units[key][0] for name, key in keys.items() if len(units.get(key, ())) == 1}

    def suggest(self, typed, *, most=10):
        """Return up to `most` units whose full or short name holds what was typed, those that begin with it first."""
        word = " ".join((typed or "").replace("\0", "").split())[: self.LONGEST_QUERY]
        if not word:
            return []
        first = list(self.filter(name__istartswith=word).order_by("name")[:most])
        holds = models.Q(name__icontains=word) | models.Q(short_name__icontains=word)
        more = self.filter(holds).exclude(pk__in=[unit.pk for unit in first])
        return first + list(more.order_by("name")[: most - len(first)])


class Unit(models.Model):
    """An employer, school, hospital, association or bank the programme works with."""

    name = models.CharField(_("单位名称"), max_length=100, unique=True)
    short_name = models.CharField(
        _("简称"), max_length=40, blank=True, help_text=_("如“重邮”，查找时与全称一样有效")
    )
    # Normal form of the name (brackets, blanks, 重庆市/重庆), by which spellings meet; save() keeps it.
    match_key = models.CharField(max_length=100, db_index=True, editable=False, default="")
    uscc = models.CharField(
        _("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True
    )
    kind = models.CharField(_("单位类型"), max_length=20, choices=UnitKind)
    district = models.CharField(_("所在街道"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    is_partner = models.BooleanField(_("合作单位"), default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = pgettext_lazy("many", "单位")
        ordering = ["name"]
        permissions = [("admit_unit", _("可以确定合作单位"))]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        """Save with the matching key in step with the name."""
        self.match_key = unit_key(self.name)
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "match_key"}
        super().save(*args, update_fields=update_fields, **kwargs)


def whole(row, fields):
    """Return the columns to read where `fields` (None: all) of a row read in part are asked for.

    With one that was left out come all that were: two statements for such a row, never one for each column.
    """
    missing = row.get_deferred_fields()
    return {*fields, *missing} if fields and missing.intersection(fields) else fields


class UserQuerySet(models.QuerySet):
    """Questions about users."""

    def holding(self, permission):
        """Keep active people who hold a permission ("app.codename"): `has_perm` as SQL."""
        app, codename = permission.split(".")
        named = {"codename": codename, "content_type__app_label": app}
        holders = Permission.objects.filter(**named)
        by_role = models.Q(groups__permissions__in=holders)
        own = models.Q(user_permissions__in=holders) | models.Q(is_superuser=True)
        return self.filter(is_active=True).filter(
            pk__in=User.objects.filter(by_role | own).values("pk")
        )

    def visible_to(self, user):
        """Keep what `user` may read: herself; with the permission, her department's staff or all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_staff or not user.has_perm("accounts.view_user"):
            return self.filter(pk=user.pk)
        if user.sees_all_departments:
            return self
        return self.filter(models.Q(department=user.department_id) | models.Q(pk=user.pk))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Creates users; the sign-in code is made by the model."""

    def create_user(self, password=None, **fields):
        """Save and return a user; `password` None means she signs in by code or passkey only."""
        user = self.model(**fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, password=None, **fields):
        """Save and return an administrator of the whole site."""
        return self.create_user(password, is_staff=True, is_superuser=True, **fields)

    def get_by_phone(self, phone):
        """Return the user with this mobile number (11 digits) or None."""
        return self.filter(phone_index=blind_index("phone", phone)).first()


class User(AbstractBaseUser, PermissionsMixin):
    """Anybody who signs in: a woman researcher, a member of staff, a unit's contact.

    `code` is her public identifier (URLs, API, ledger). E-mail addresses live in allauth's
    EmailAddress alone, because it looks people up by them; the phone is encrypted and found by its
    blind index.
    """

    code = models.CharField(_("用户编号"), max_length=12, unique=True, default=ids.code)
    full_name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = EncryptedTextField(_("手机号"), null=True, blank=True)
    phone_index = BlindIndexField("phone", unique=True)
    phone_verified = models.BooleanField(_("手机号已验证"), default=False)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("部门"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("单位")
    )
    language = models.CharField(
        _("语言"),
        max_length=10,
        default="zh-hans",
        choices=[("zh-hans", "简体中文"), ("en", "English")],
    )
    is_staff = models.BooleanField(_("工作人员"), default=False)
    is_active = models.BooleanField(_("可登录"), default=True)
    date_joined = models.DateTimeField(_("注册时间"), default=timezone.now)
    # Raised by "sign out everywhere": browsers that knew her before are strange ones (accounts.devices).
    device_round = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "code"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = pgettext_lazy("many", "用户")
        ordering = ["-date_joined"]
        permissions = [
            ("see_all_departments", _("可以查看所有部门的记录")),
            ("reveal_user", _("可以查看完整手机号")),
        ]

    def __str__(self):
        return self.full_name or self.code

    def refresh_from_db(self, using=None, fields=None, **kwargs):
        """Read again; the first column missed of a row read in part brings all that are missing."""
        super().refresh_from_db(using, whole(self, fields), **kwargs)

    def get_full_name(self):
        """Return the name shown to herself and staff."""
        return self.full_name or self.code

    get_short_name = get_full_name

    @property
    def masked_name(self):
        """Return the name as the public may see it."""
        return masking.name(self.full_name)

    @property
    def sees_all_departments(self):
        """Tell whether department scoping does not apply to her."""
        return self.is_superuser or self.has_perm("accounts.see_all_departments")


class SessionManager(BaseSessionManager):
    """Django's, which finds those of one person as well."""

    def of(self, user):
        """Return the sessions `user` is signed in by, the one used last first."""
        rows = self.filter(user=user, expire_date__gt=timezone.now())
        return rows.defer("session_data").order_by("-seen_at", "pk")


class Session(AbstractBaseSession):
    """One browser's session, its contents sealed (accounts.sessions); ends with its user."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    # What she tells her devices apart by: the kind of browser, no address and no place.
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = verbose_name_plural = _("登录会话")

    @property
    def mark(self):
        """Return what a page names this row by; its key would open the session."""
        return keyed_digest("session-mark", self.session_key)[:32]

    @property
    def label(self):
        """Return the kind of browser, in the reader's language."""
        return browsers.label(self.browser, self.system)

    @classmethod
    def get_session_store_class(cls):
        """Return who reads and writes these rows."""
        from accounts.sessions import SessionStore

        return SessionStore


class JointState(models.TextChoices):
    """Where a request stands that two people carry out; changed by accounts.joint alone."""

    WAITING = "waiting", _("待确认")
    CONFIRMED = "confirmed", _("已确认并执行")
    REFUSED = "refused", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("已过期")


class JointActionQuerySet(models.QuerySet):
    """Questions about requests."""

    def visible_to(self, user):
        """Keep all for those who confirm, to other staff what they asked for themselves."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        if user.has_perm("accounts.confirm_jointaction"):
            return self
        return self.filter(requested_by=user)

    def waiting(self):
        """Keep what nobody has decided; it may have run out meanwhile (`is_open`)."""
        return self.filter(state=JointState.WAITING)


def joint_kinds():
    """Return the kinds of requests as choices, in the reader's words."""
    return [(code, kind.words) for code, kind in portal.merged("joint").items()]


class JointAction(models.Model):
    """Something one person asked for and a second one confirms before it is done (accounts.joint).

    `params` is JSON, encrypted: a new phone number may stand in it. `object_id` is what else it is about, as
    its kind means it, 0 for nothing. Nobody in `requested_by` or `decided_by` is the console.
    """

    kind = models.CharField(_("事项"), max_length=60, choices=joint_kinds)
    # Nobody where it is about a record without an account.
    person = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("涉及的人")
    )
    beneficiary = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接手的人")
    )
    object_id = models.BigIntegerField(default=0)
    params = EncryptedTextField(null=True)
    reason = models.CharField(_("理由"), max_length=200)
    state = models.CharField(
        _("状态"), max_length=10, choices=JointState, default=JointState.WAITING
    )
    requested_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decision_reason = models.CharField(_("处理意见"), max_length=200, blank=True)

    objects = JointActionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("双人确认")
        ordering = ["-id"]
        permissions = [("confirm_jointaction", _("可以作为第二人确认"))]
        constraints = [
            models.UniqueConstraint(
                name="joint_waits_once",
                fields=["kind", "person", "object_id"],
                condition=models.Q(state="waiting"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="joint_by_two",
                condition=~models.Q(state__in=["confirmed", "refused"])
                | models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("requested_by"))
                & (models.Q(person=None) | ~models.Q(decided_by=models.F("person"))),
            ),
            models.CheckConstraint(
                name="joint_decided_when",
                condition=models.Q(state="waiting", decided_at=None)
                | ~models.Q(state="waiting") & models.Q(decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], name="joint_due", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.person or '—'}"

    @property
    def is_waiting(self):
        """Tell whether nobody has decided."""
        return self.state == JointState.WAITING

    def is_open(self, at):
        """Tell whether somebody may still decide."""
        return self.is_waiting and at < self.expires_at

    def state_at(self, at):
        """Return the state in words: what ran out says so before the hourly sweep has written it."""
        ran_out = self.is_waiting and not self.is_open(at)
        return (JointState.EXPIRED if ran_out else JointState(self.state)).label

    def involved(self):
        """Return the keys of those it is about: they are nobody's second person here."""
        return {key for key in (self.person_id, self.beneficiary_id) if key}
