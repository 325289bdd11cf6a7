"""What happens to accounts and units; the sign-in pages and the admin call these."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_standard
from stdnum.exceptions import ValidationError as NotValid

from accounts import access, phones
from accounts.models import Session, Unit, User
from accounts.roles import roles as known_roles
from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import listed
from privacy import audit, limits
from privacy.crypto import blind_index

USER_FIELDS = ("full_name", "department", "unit", "is_active")
UNIT_FIELDS = ("name", "short_name", "uscc", "kind", "district", "address", "is_partner")


@transaction.atomic
def set_phone(*, user, phone, verified, by, now):
    """Put `phone` (11 digits) on `user`, proved or not.

    Unverified claims of the same number by others are dropped; an account that was only ever such
    a claim disappears. Raises Refused unless `by` is the person herself, who has entered a code, or may change
    this account's phone alone (accounts.access); IntegrityError when somebody else has proved the number.
    """
    if by is not None and by.pk != user.pk:
        rights.require(by, "accounts.add_user")
        refuse_raising(user, by, {"phone"})
        if error := access.why_not_rescue_alone(user, by):
            raise error
    claims = User.objects.filter(phone_index=blind_index("phone", phone), phone_verified=False)
    for claim in claims.exclude(pk=user.pk).select_for_update():
        if claim.last_login is None and not EmailAddress.objects.filter(user=claim).exists():
            claim.delete()
        else:
            claim.phone = None
            claim.save(update_fields=["phone", "phone_index"])
    changed = (user.phone, user.phone_verified) != (phone, verified)
    user.phone, user.phone_verified = phone, verified
    user.save(update_fields=["phone", "phone_index", "phone_verified"])
    if changed and verified:
        audit.record("accounts.set_phone", user, by=by, at=now)
    return user


@transaction.atomic
def set_language(*, user, language, by, now):
    """Keep the language (a code of LANGUAGES) of her pages and notices; returns her.

    Raises Refused unless `by` is she herself, Invalid for a language the portal does not speak.
    """
    _require_herself(user, by)
    if language not in dict(settings.LANGUAGES):
        raise Invalid("language_unknown", _("请选择简体中文或英文。"), field="language")
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
        audit.record("accounts.set_language", user, by=by, at=now, language=language)
    return user


@transaction.atomic
def drop_password(*, user, by, now):
    """Take the password off an account: she signs in by code and may choose another; returns her.

    Raises Refused unless `by` is she herself. The instance itself is changed: a sign-in under way
    keeps a digest of its password in the session.
    """
    _require_herself(user, by)
    if user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        audit.record("accounts.drop_password", user, by=by, at=now)
    return user


@transaction.atomic
def sign_out_device(*, user, mark, by, now):
    """End the one session of `user` that `mark` names (Session.mark); returns it, None where it has ended already.

    Raises Refused unless `by` is she herself.
    """
    _require_herself(user, by)
    session = next((row for row in Session.objects.of(user) if row.mark == mark), None)
    if session is not None:
        Session.objects.filter(pk=session.pk).delete()
        audit.record("accounts.sign_out_device", user, by=by, at=now)
    return session


@transaction.atomic
def sign_out_everywhere(*, user, by, now):
    """End every session of `user`, and take no browser for hers any more (accounts.devices); returns her.

    Raises Refused unless `by` is she herself.
    """
    _require_herself(user, by)
    end_sessions(user)
    audit.record("accounts.sign_out_everywhere", user, by=by, at=now)
    return user


def end_sessions(user):
    """End every session of `user` for an operation that has decided that it may."""
    Session.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(device_round=models.F("device_round") + 1)


def _require_herself(user, by):
    if by is not None and by.pk != user.pk:
        raise Refused("not_yours", _("只能修改您自己的账号。"))


@transaction.atomic
def add_user(*, phone, full_name, by, now, department=None, unit=None, roles=()):
    """Create an account for a member of staff or a unit's contact; returns the User.

    She signs in with a code sent to `phone` (any spelling of a mainland mobile number). Raises
    Invalid for a number that is none, Conflict when it has an account already.
    """
    rights.require(by, "accounts.add_user")
    number = phones.normalise(phone)
    if number is None:
        raise Invalid("phone_invalid", _("请填写 11 位中国大陆手机号。"), field="phone")
    existing = User.objects.get_by_phone(number)
    if existing and existing.phone_verified:
        raise Conflict(
            "phone_taken", _("这个手机号已有账号，请直接给该账号分配角色。"), field="phone"
        )
    user = User(full_name=full_name, department=department, unit=unit)
    user.set_unusable_password()
    user.save()
    set_phone(user=user, phone=number, verified=True, by=by, now=now)
    audit.record("accounts.add_user", user, by=by, at=now)
    if roles:
        set_roles(user=user, roles=roles, by=by, now=now)
    return user


@transaction.atomic
def account_for(*, full_name, phone="", email="", now):
    """Return the account of this phone or e-mail address, made where there is none; for an operation that has asked.

    She signs in with a code sent there, which proves that it is hers; the account itself may do nothing. Raises
    Invalid where neither is one.
    """
    number, address = phones.normalise(phone), (email or "").strip().lower()
    if phone and number is None:
        raise Invalid("phone_invalid", _("请填写 11 位中国大陆手机号。"), field="phone")
    if number:
        found = User.objects.get_by_phone(number)
        found = found if found and found.phone_verified else None
    elif address:
        held = EmailAddress.objects.filter(email=address, verified=True).select_related("user")
        found = next((row.user for row in held), None)
    else:
        raise Invalid("contact_missing", _("请填写手机号或邮箱，专家用它登录。"), field="phone")
    if found:
        return found
    user = User(full_name=full_name)
    user.set_unusable_password()
    user.save()
    if number:
        set_phone(user=user, phone=number, verified=True, by=None, now=now)
    else:
        EmailAddress.objects.filter(email=address, verified=False).delete()
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    audit.record("accounts.add_user", user, by=None, at=now)
    return user


@transaction.atomic
def change_user(*, user, by, now, **changes):
    """Change `full_name`, `department`, `unit` or `is_active` of a user; returns her.

    Nobody changes her own department, unit or standing, and only a superuser changes a superuser. What gives
    an account of the staff more rights is refused to one person alone (accounts.access; Refused
    "second_person").
    Changing nothing records nothing.
    """
    rights.require(by, "accounts.change_user")
    if unknown := set(changes) - set(USER_FIELDS):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    changed = [
        name for name in USER_FIELDS if name in changes and getattr(user, name) != changes[name]
    ]
    refuse_raising(user, by, set(changed) - {"full_name"})
    if error := access.why_not_alone(user, by, **{name: changes[name] for name in changed}):
        raise error
    for name in changed:
        setattr(user, name, changes[name])
    if changed:
        user.save(update_fields=changed)
        closed = "is_active" in changed and not user.is_active
        if closed:
            end_sessions(user)  # opened again, she signs in again
        detail = {"fields": changed} | ({"closed": True} if closed else {})
        audit.record("accounts.change_user", user, by=by, at=now, **detail)
    return user


@transaction.atomic
def set_roles(*, user, roles, by, now):
    """Give `user` exactly these roles (group codes); returns her.

    `is_staff` follows: it is set for roles that work in the admin. Only people with
    "accounts.change_user" may, nobody for herself, and only a superuser for a superuser. Giving a role of the
    staff is refused to one person alone (accounts.access; Refused "second_person").
    """
    rights.require(by, "accounts.change_user")
    roles = set(roles)
    by_code = known_roles()
    _check_known(roles, by_code)
    user = User.objects.select_for_update().get(pk=user.pk)
    before = set(user.groups.values_list("name", flat=True))
    is_staff = user.is_superuser or any(by_code[code].staff for code in roles)
    if roles == before and is_staff == user.is_staff:
        return user
    refuse_raising(user, by, {"roles"})
    check_roles(roles, user.department, user.unit)
    if error := access.why_not_alone(user, by, roles=roles):
        raise error
    user.groups.set(Group.objects.filter(name__in=roles))
    user.is_staff = is_staff
    user.save(update_fields=["is_staff"])
    audit.record(
        "accounts.set_roles",
        user,
        by=by,
        at=now,
        added=sorted(roles - before),
        removed=sorted(before - roles),
    )
    return user


def _check_known(roles, by_code):
    if unknown := roles - set(by_code):
        sentence = _("没有这个角色：%(roles)s。") % {"roles": listed(sorted(unknown))}
        raise Invalid("role_unknown", sentence)


def check_roles(roles, department, unit):
    """Raise Invalid where roles (a set of codes) want a department or a unit their holder has not."""
    by_code = known_roles()
    _check_known(roles, by_code)
    if any(by_code[code].scoped for code in roles) and department is None:
        sentence = _("请先选择她所在的部门，再分配角色。")
        raise Invalid("department_missing", sentence, field="department")
    if "unit_contact" in roles and unit is None:
        raise Invalid("unit_missing", _("请先选择她所在的单位，再设为单位联系人。"), field="unit")


def refuse_raising(user, by, changed):
    """Raise Refused where `by` changes her own rights, or a superuser's without being one."""
    if by is None or not changed:
        return
    if user.pk == by.pk:
        raise Refused("own_account", _("不能修改自己的部门、角色或状态，请由另一位管理员操作。"))
    if user.is_superuser and not by.is_superuser:
        raise Refused("superuser", _("超级管理员的账号只能由超级管理员修改。"))


def find_by_phone(*, phone, by, now):
    """Return the account of a whole number (11 digits) among those `by` may see; raises Invalid.

    Whoever may try numbers can complete a masked one: it needs the right to see them, each try is on
    record, found or not, and their number in an hour is limited (privacy.limits; Refused).
    """
    rights.require(by, "accounts.reveal_user")

    def find():
        index = blind_index("phone", phone)
        found = list(User.objects.visible_to(by).filter(phone_index=index))
        return found, int(not found)

    found = limits.look_up(find, by=by, now=now, action="accounts.find_by_phone")
    if not found:
        raise Invalid("phone_unknown", _("您能查看的账号里没有这个手机号。"), field="phone")
    return found[0]


def clean_uscc(typed):
    """Return a unified social credit code in its written form, None for an empty one.

    Checks the 18 characters and the check digit of GB 32100; raises Invalid with what to do.
    """
    code = uscc_standard.compact(typed or "").upper()
    if not code:
        return None
    try:
        return uscc_standard.validate(code)
    except NotValid as error:
        raise Invalid(
            "uscc_invalid",
            _("统一社会信用代码不正确：应为 18 位，且最后一位校验码须相符，请对照营业执照核对。"),
            field="uscc",
        ) from error


@transaction.atomic
def save_unit(*, unit, by, now, **changes):
    """Add (`unit=None`) or change a unit; returns it.

    `changes` are fields of UNIT_FIELDS. Raises Invalid for a wrong `uscc`, Conflict when name or
    code belong to another unit. Whether a unit is a partner, a new one as well, is for those with
    "accounts.admit_unit" to say.
    """
    rights.require(by, "accounts.change_unit" if unit else "accounts.add_unit")
    if unknown := set(changes) - set(UNIT_FIELDS):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    if "uscc" in changes:
        changes["uscc"] = clean_uscc(changes["uscc"])
    new = unit is None
    was_partner = bool(unit and unit.is_partner)
    if changes.get("is_partner", was_partner) != was_partner:
        rights.require(by, "accounts.admit_unit")  # it opens and shuts the unit's API keys
    unit = Unit() if new else Unit.objects.select_for_update().get(pk=unit.pk)
    others = Unit.objects.exclude(pk=unit.pk)
    if "name" in changes and others.filter(name=changes["name"]).exists():
        raise Conflict("unit_exists", _("已有同名单位，请直接使用它。"), field="name")
    if changes.get("uscc") and others.filter(uscc=changes["uscc"]).exists():
        raise Conflict("uscc_taken", _("这个信用代码已登记在另一个单位名下。"), field="uscc")
    changed = [n for n in UNIT_FIELDS if n in changes and (new or getattr(unit, n) != changes[n])]
    for name in changed:
        setattr(unit, name, changes[name])
    if changed:
        _save_once(unit)
        action = "accounts.add_unit" if new else "accounts.change_unit"
        audit.record(action, unit, by=by, at=now, fields=changed)
    return unit


def _save_once(unit):
    """Save a unit; raises Conflict where somebody was quicker with its name or code."""
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise Conflict("unit_exists", _("已有同名单位，请直接使用它。"), field="name") from error
