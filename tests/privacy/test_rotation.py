"""Key rotation: everything under the new key, nothing lost, nobody's save overwritten."""

import base64
import io
import json
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import second_factors
from accounts.adapter import MFAAdapter
from accounts.models import Session, User
from accounts.sessions import SessionStore
from privacy import crypto, rotation, sealed
from tests import factories
from tests.privacy.test_encryption import K1, K2
from tools import stamps
from tools.bootstrap import ROOT

pytestmark = pytest.mark.django_db


PHONE = sealed.Sealed("accounts.User", "phone", "accounts.user.phone", sealed.whole)


def keys_in_use():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT substring(phone FROM 1 FOR 3) FROM accounts_user")
        return sorted(bytes(row[0]) for row in cursor.fetchall())


def run(*args):
    out = io.StringIO()
    call_command("rotate_keys", *args, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def people(settings):
    settings.FIELD_KEYS = K1
    made = [factories.user() for _ in range(7)]
    settings.FIELD_KEYS = f"{K2},{K1}"
    return made


def test_every_encrypted_column_of_every_model_is_covered():
    labels = {place.label for place in sealed.places()}
    assert {"accounts.user.phone", "talents.talent.id_number", "talents.talent.phone"} <= labels


def modules_that_encrypt():
    """Return {module: its LABEL or None} of every module of the portal that calls crypto.encrypt."""
    found = {}
    for path in stamps.project_files("**/*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not name.startswith(("tests.", "tools.")) and "crypto.encrypt(" in path.read_text(
            "utf-8"
        ):
            found[name] = getattr(import_module(name), "LABEL", None)
    return found


def test_whoever_encrypts_has_a_place_in_the_registry():
    """A module that seals something of its own declares where, or its values die with the old key."""
    labels = sealed.labels()
    callers = modules_that_encrypt()
    fields = {"privacy.fields", "privacy.rotation"}  # fields are found by their class
    assert fields <= callers.keys()
    undeclared = {
        name for name, label in callers.items() if name not in fields and label not in labels
    }
    assert undeclared == set()


def test_all_values_move_to_the_new_key_and_read_the_same(people, settings):
    numbers = {user.pk: user.phone for user in people}
    lines = run("--batch", "3")
    assert keys_in_use() == [b"\x02k2"]
    assert "accounts.User.phone: 3/7" in lines and "accounts.User.phone: 7/7" in lines
    assert lines[-1] == "已有 7 个值改用新密钥 k2。"
    settings.FIELD_KEYS = K2  # the old key may go now
    assert {user.pk: user.phone for user in User.objects.all()} == numbers


def test_a_dry_run_counts_and_writes_nothing(people):
    assert run("--dry-run")[-1] == "共有 7 个值需要改用新密钥 k2；未写入任何内容。"
    assert keys_in_use() == [b"\x02k1"]


def test_a_run_cut_short_goes_on_where_it_stopped(people):
    assert next(rotation.rotate(PHONE, batch=3)) == (3, 0)
    assert rotation.outdated(PHONE) == 4
    assert run()[-1] == "已有 4 个值改用新密钥 k2。"
    assert run()[-1] == "已有 0 个值改用新密钥 k2。"


def test_a_number_saved_meanwhile_is_not_overwritten(people, monkeypatch):
    """Her save falls between our reading and our writing; without the condition it would be lost."""
    original = crypto.encrypt
    victim, saved = people[0].pk, []

    def encrypt(label, text):
        if not saved and label == "accounts.user.phone":
            saved.append(True)
            user = User.objects.get(pk=victim)
            user.phone = "13900001111"
            user.save()
        return original(label, text)

    monkeypatch.setattr(rotation.crypto, "encrypt", encrypt)
    assert list(rotation.rotate(PHONE)) == [(6, 1)]
    assert User.objects.get(pk=victim).phone == "13900001111"
    assert keys_in_use() == [b"\x02k2"]


def test_a_value_nobody_can_read_stops_the_run_and_names_the_row(people, settings):
    settings.FIELD_KEYS = K2
    with pytest.raises(CommandError, match=f'"accounts_user" {people[0].pk}'):
        run()


def test_blind_indexes_follow_a_new_index_key(people, settings):
    number = people[2].phone
    settings.INDEX_KEY = "ab" * 32
    assert User.objects.get_by_phone(number) is None
    run("--indexes", "--dry-run")
    assert User.objects.get_by_phone(number) is None
    run("--indexes")
    assert User.objects.get_by_phone(number) == people[2]


@pytest.fixture
def sealed_elsewhere(settings):
    """Make second factors and a session under the old key; return what each of them says."""
    settings.FIELD_KEYS = K1
    person = factories.user()
    secret = generate_totp_secret()
    totp = TOTP.activate(person, secret)
    codes = RecoveryCodes.activate(person).get_unused_codes()
    moved = Authenticator.objects.create(
        user=factories.user(),
        type=Authenticator.Type.RECOVERY_CODES,
        data={"migrated_codes": [MFAAdapter().encrypt("one"), MFAAdapter().encrypt("two")]},
    )
    session = SessionStore()
    session["phone"] = "13812345678"
    session.save()
    settings.FIELD_KEYS = f"{K2},{K1}"
    return {
        "secret": (secret, lambda: MFAAdapter().decrypt(fresh(totp.instance).data["secret"])),
        "codes": (codes, lambda: RecoveryCodes(fresh_codes(person)).get_unused_codes()),
        "moved": (["one", "two"], lambda: RecoveryCodes(fresh(moved)).generate_codes()),
        "session": ("13812345678", lambda: SessionStore(session.session_key).get("phone")),
    }


def fresh(authenticator):
    return Authenticator.objects.get(pk=authenticator.pk)


def fresh_codes(person):
    return person.authenticator_set.get(type=Authenticator.Type.RECOVERY_CODES)


def said(sealed_elsewhere):
    return {name: read() for name, (_before, read) in sealed_elsewhere.items()}


def prove():
    out = io.StringIO()
    call_command("prove_keys", stdout=out)
    return out.getvalue().splitlines()


def test_second_factors_and_sessions_open_with_the_new_key_alone(sealed_elsewhere, settings):
    run()
    settings.FIELD_KEYS = K2
    assert said(sealed_elsewhere) == {
        name: before for name, (before, _read) in sealed_elsewhere.items()
    }


def test_without_rotation_the_new_key_alone_opens_none_of_them(sealed_elsewhere, settings):
    """The control: the old key is what they hang on."""
    settings.FIELD_KEYS = K2
    with pytest.raises(crypto.DecryptionError):
        sealed_elsewhere["secret"][1]()
    assert sealed_elsewhere["session"][1]() is None


def test_the_proof_refuses_before_and_allows_after(sealed_elsewhere, people):
    with pytest.raises(CommandError, match="有 13 个值仅凭密钥 k2 读不出") as refused:
        prove()
    assert refused.value.returncode == 1
    assert "accounts.User.phone" in str(refused.value)
    run()
    lines = prove()
    assert {"mfa.Authenticator.data: 3/3", "accounts.Session.session_data: 1/1"} <= set(lines)
    assert lines[-1] == (
        "13 个加密值仅凭密钥 k2 即可全部读出。缓存中的短期加密内容不在此列，所有进程改用新密钥 "
        "30 分钟后即自行失效。可以从 FIELD_KEYS 中去掉：k1。"
    )


def test_the_proof_does_not_name_sessions_by_the_key_that_lets_somebody_in(sealed_elsewhere):
    with pytest.raises(CommandError) as refused:
        prove()
    assert Session.objects.get().session_key not in str(refused.value)


def test_a_session_of_a_key_that_is_gone_is_removed(sealed_elsewhere, settings):
    User.objects.all().delete()
    settings.FIELD_KEYS = K2
    run()
    assert Session.objects.count() == 0
    assert prove()[-1] == "0 个加密值仅凭密钥 k2 即可全部读出。"


def test_a_second_factor_saved_meanwhile_is_not_overwritten(sealed_elsewhere, monkeypatch):
    """She sets her second factor up anew between our reading and our writing: that one counts."""
    original, used = crypto.encrypt, []

    def encrypt(label, text):
        if not used and label == second_factors.LABEL:
            used.append(True)
            Authenticator.objects.filter(data__has_key="secret").update(
                data={"secret": MFAAdapter().encrypt("NEW"), "used": 1}
            )
        return original(label, text)

    monkeypatch.setattr(rotation.crypto, "encrypt", encrypt)
    assert list(rotation.rotate(second_factors.SEALED)) == [(2, 1)]
    assert Authenticator.objects.get(data__has_key="secret").data["used"] == 1


def test_what_is_no_secret_in_a_second_factor_stays_as_it_is():
    passkey = {"name": "phone", "credential": {"type": "public-key"}}
    stored = json.dumps(passkey | {"secret": base64.b64encode(b"abc").decode()})
    written = json.loads(second_factors.rewrite(stored, bytes.upper))
    assert written == passkey | {"secret": base64.b64encode(b"ABC").decode()}
