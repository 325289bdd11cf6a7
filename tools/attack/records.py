"""What the portal writes down: the audit log, its keys, its logs, what stands in Redis, what statistics tell."""

import contextlib
import os
import re
import secrets
import subprocess
import tempfile
import threading
from pathlib import Path

import psycopg2
import redis
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from privacy import audit
from privacy.models import AuditEntry
from privacy.roles import append_only_tables
from tests import factories
from tools.attack import world
from tools.attack.browser import broken_down
from tools.attack.cases import Outcome, case
from tools.bootstrap import PYTHON, ROOT

CUTS = (
    "DELETE FROM {table}",
    "UPDATE {table} SET {column} = {column}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table} CASCADE",
    "ALTER TABLE {table} OWNER TO portal_app",
    "GRANT DELETE ON {table} TO portal_app; DELETE FROM {table}",
    "CREATE RULE none AS ON INSERT TO {table} DO INSTEAD NOTHING",
)
WAYS_UP = (
    "SET session_replication_role = replica",
    "SET ROLE portal",
    "SET ROLE portal_purge",
    "ALTER ROLE portal_app SUPERUSER",
    "CREATE ROLE another SUPERUSER",
    "CREATE EXTENSION dblink",
    "CREATE TABLE public.mine (id int)",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "CREATE OR REPLACE FUNCTION privacy_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DELETE FROM django_migrations",
    "UPDATE pg_database SET datname = datname",
)


def cuts():
    """Return every statement, for every table that is append-only."""
    with connection.cursor() as cursor:
        columns = {
            t: connection.introspection.get_table_description(cursor, t)[0].name
            for t in append_only_tables()
        }
    return [s.format(table=t, column=c) for t, c in columns.items() for s in CUTS]


def done_as(url, statements):
    """Try each in a transaction that is taken back, with purging switched on; return those that were done."""
    done, link = [], psycopg2.connect(url)
    for statement in statements:
        with contextlib.suppress(psycopg2.Error), link.cursor() as cursor:
            cursor.execute("SET LOCAL portal.allow_purge = 'on'")
            cursor.execute(statement)
            done.append(statement)
        link.rollback()
    link.close()
    return done


@case
def audit_log_cut(attack):
    """Cut log, consents and ledger with a web process's own rights in the database, or become somebody who can."""
    statements = [*cuts(), *WAYS_UP]
    done = done_as(attack.env["DATABASE_URL"], statements)
    return Outcome(
        len(statements),
        bool(done),
        f"{len(done)} of {len(statements)} statements done {done or ''}",
    )


@audit_log_cut.control
def _(attack):
    done = done_as(attack.env["DATABASE_OWNER_URL"], cuts())
    return Outcome(
        len(cuts()), len(done) > 20, f"as the owner {len(done)} of {len(cuts())} are done"
    )


def rewritten(attack):
    """Change an entry as the owner, and make the whole chain anew so that it agrees with itself."""
    person = world.woman().user
    audit.record("accounts.set_language", person, by=person, at=timezone.now())
    audit.chain()
    audit.record("accounts.set_language", person, by=person, at=timezone.now())
    audit.chain()
    last = AuditEntry.objects.latest("pk").pk
    link = psycopg2.connect(attack.env["DATABASE_OWNER_URL"])
    with link, link.cursor() as cursor:
        cursor.execute("SET LOCAL portal.allow_purge = 'on'")
        cursor.execute("DELETE FROM privacy_auditlink")
        cursor.execute("DELETE FROM privacy_auditentry WHERE id = %s", [last])
    link.close()
    with override_settings(AUDIT_ANCHORS=None):  # whoever holds the database does not hold the file
        audit.chain()


@case
def audit_log_rewritten(attack):
    """Cut an entry with the owner's rights and chain all of the log anew. The heads noted outside tell."""
    rewritten(attack)
    verdict = audit.verify()
    return Outcome(
        1,
        verdict.holds,
        "taken for whole" if verdict.holds else "noticed",
    )


@audit_log_rewritten.control
def _(attack):
    with override_settings(AUDIT_ANCHORS=None):
        verdict = audit.verify()
    return Outcome(
        1,
        verdict.holds,
        "without the file: taken for whole" if verdict.holds else "noticed all the same",
    )


# --- what lies about ----------------------------------------------------------------------------------


def whole_numbers():
    """Return every phone and identity number the database holds."""
    from talents.models import Talent

    phones = {user.phone for user in User.objects.exclude(phone_index=None)}
    numbers = {t.id_number for t in Talent.objects.exclude(id_number_index=None)}
    return {value for value in phones | numbers if value}


def found_in(text, numbers):
    """Return how many of these numbers stand in a text."""
    return len(numbers & set(re.findall(r"\d{17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)", text)))


def held_by_redis(attack):
    """Return everything Redis holds, as text."""
    held = []
    with redis.Redis.from_url(attack.redis.url) as client:
        for name in client.scan_iter("*"):
            held.append(name)
            if client.type(name) == b"string":
                held.append(client.get(name) or b"")
    return b"\n".join(held).decode("utf-8", "replace")


@case
def numbers_lying_about(attack):
    """Find people's numbers in logs of web, worker and database, or in Redis, after all that was tried here."""
    person = factories.user("顾留痕", phone=world.phone())
    browser = world.browser(attack.port)
    browser.post("/accounts/login/code/", {"by": "phone", "phone": person.phone})
    browser.post("/accounts/login/", {"login": person.phone, "password": "x"})
    with contextlib.suppress(Exception):  # a refusal of the database, which it logs
        User.objects.create(
            full_name="顾留痕", phone=person.phone, phone_verified=True, code=secrets.token_hex(5)
        )
    numbers, places = whole_numbers(), {}
    for log in attack.folder.glob("*.log"):
        places[log.name] = found_in(log.read_text("utf-8", "replace"), numbers)
    places["Redis"] = found_in(held_by_redis(attack), numbers)
    bad = {name: count for name, count in places.items() if count}
    return Outcome(
        len(places),
        bool(bad),
        f"{len(numbers):,} numbers sought in {len(places)} places: {bad or 'none found'}",
    )


@numbers_lying_about.control
def _(attack):
    texts = "\n".join(path.read_text() for path in attack.outbox.glob("*.json"))
    count = found_in(texts, whole_numbers())
    return Outcome(1, count > 0, f"in the messages that left: {count} found")


def readable(attack):
    """Return how many phones can be read out of a dump of the database, session rows included."""
    numbers, found = whole_numbers(), 0
    link = psycopg2.connect(attack.env["DATABASE_OWNER_URL"])
    with link.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")  # noqa: S608
            found += found_in(cursor.fetchone()[0] or "", numbers)
    link.close()
    return len(numbers), found


@case
def database_stolen(attack):
    """Read people's numbers out of a copy of the database, without FIELD_KEYS."""
    numbers, found = readable(attack)
    return Outcome(numbers, found > 0, f"{found} of {numbers:,} numbers to be read")


@database_stolen.control
def _(attack):
    link = psycopg2.connect(attack.env["DATABASE_OWNER_URL"])
    with link.cursor() as cursor:
        cursor.execute("SELECT string_agg(full_name, ' ') FROM accounts_user")
        names = cursor.fetchone()[0]
    link.close()
    return Outcome(1, "林静" in names, "names are stored plain, and are found")


# --- backups -----------------------------------------------------------------------------------------


def backed_up(attack):
    """Make a backup as the manual says, of the run's database in plain SQL; (its bytes, the key that opens it)."""
    folder = Path(tempfile.mkdtemp(dir=attack.folder))
    key = folder / "key"
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    recipient = subprocess.run(
        ["age-keygen", "-y", key], check=True, capture_output=True, text=True
    )
    settings = {
        "BACKUP_RECIPIENT": recipient.stdout.strip(),
        "DUMP": f"{attack.postgres.programs / 'pg_dump'} --format plain {attack.postgres.url}",
    }
    subprocess.run(
        ["bash", ROOT / "deploy" / "backup", folder],
        env=os.environ | settings, check=True, capture_output=True,
    )  # fmt: skip
    (made,) = folder.glob("portal-*.dump.age")
    return made, key


def opened_with(key, made):
    """Return what a backup reads like with this key, "" where it does not open."""
    done = subprocess.run(["age", "--decrypt", "-i", key, made], capture_output=True)
    return "" if done.returncode else done.stdout.decode("utf-8", "replace")


NAMED = "林静"


@case
def backup_stolen(attack):
    """Read a backup without its owner's key, or with another. Nothing of it is to be read, and no half of one is left."""
    made, key = backed_up(attack)
    attack.backup = made, key
    _other, another = backed_up(attack)
    plain = NAMED in made.read_bytes().decode("utf-8", "replace")
    opened = opened_with(another, made)
    left = [path.name for path in made.parent.iterdir() if path not in (made, key)]
    return Outcome(
        2,
        plain or bool(opened or left) or not made.read_bytes().startswith(b"age-encryption.org"),
        f"{made.stat().st_size:,} bytes, sealed; another key opens it: {bool(opened)}; left beside it: {left or 'nothing'}",
    )


@backup_stolen.control
def _(attack):
    made, key = attack.backup
    text = opened_with(key, made)
    return Outcome(1, NAMED in text, "with its own key names are found")


# --- keys ------------------------------------------------------------------------------------------------


@case
def keys_rotated_under_load(attack):
    """Change the field key while people read and write. Nothing fails, and the old key may go afterwards."""
    old = attack.env["FIELD_KEYS"]
    new = f"k2:{secrets.token_hex(16)}"
    both, port = f"{new},{old}", attack.spare_port()
    from tools.attack.__main__ import PRODUCTION

    attack.end(attack.web, attack.worker, attack.imports)
    attack.start_web(2, name="web-both", port=port, **PRODUCTION, FIELD_KEYS=both)
    people = [world.browser(port, world.woman().user) for _ in range(4)]
    answers, done = [], threading.Event()

    def live(browser):
        while not done.is_set():
            for page in ("/me/", "/me/profile/review/", "/accounts/"):
                answers.append(browser.get(page))

    threads = [threading.Thread(target=live, args=[browser]) for browser in people]
    for thread in threads:
        thread.start()
    before = proves(attack, both)
    said = attack.manage("rotate_keys", FIELD_KEYS=both).strip().splitlines()[-1]
    done.set()
    for thread in threads:
        thread.join()
    after = proves(attack, both)
    last = attack.spare_port()
    attack.start_web(1, name="web-new", port=last, **PRODUCTION, FIELD_KEYS=new)
    inside = 0
    for browser in people:
        browser.port = last
        inside += browser.get("/me/").status == 200
    attack.proved_before = before
    faults = sum(answer.status != 200 for answer in answers) + broken_down(answers)
    broken = faults > 0 or not after or inside != len(people)
    return Outcome(
        len(answers),
        broken,
        f"{faults} faults; {said[:60]}; new key alone opens all: {after}; {inside} of 4 still signed in with it",
    )


@keys_rotated_under_load.control
def _(attack):
    return Outcome(
        1, not attack.proved_before, f"before: the new key alone opens all: {attack.proved_before}"
    )


def proves(attack, ring):
    """Tell whether prove_keys says that the old key may go."""
    done = subprocess.run(
        [PYTHON, ROOT / "manage.py", "prove_keys"],
        env=os.environ | attack.env | {"FIELD_KEYS": ring},
        cwd=ROOT,
        capture_output=True,
    )
    return done.returncode == 0
