"""One step of `make points`, as a process of its own: `python -m tools.points.rush '{"step": "spend", …}'`.

The one argument is JSON; `step` names one of STEPS, the rest are its arguments. Prints one JSON object. Runs as the
application's role on the database of its environment.
"""

import fcntl
import json
import os
import signal
import sys
import time
from collections import Counter
from random import Random

import django

PROCESSES = 16
PRICE = 10
# Of the usual 64 KB five hundred answers fill the pipe while the parent waits for the clock, and who answers waits.
PIPE_BYTES = 1 << 20


def forked(work, count=PROCESSES, meanwhile=lambda: None):
    """Fork `count` processes, let all begin at one moment; returns (what `work(number)` yielded in each, as lists of JSON values; seconds)."""
    from django.db import connection

    connection.close()  # each has one of its own
    go_read, go_write = os.pipe()
    said_read, said_write = os.pipe()
    fcntl.fcntl(said_write, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    for number in range(count):
        if os.fork() == 0:
            os.close(go_write)
            connection.ensure_connection()
            os.write(said_write, b"ready\n")
            os.read(go_read, 1)  # returns when the parent closes the other end
            for said in work(number):
                os.write(said_write, json.dumps(said).encode() + b"\n")
            connection.close()
            os._exit(0)
    os.close(said_write)
    with os.fdopen(said_read) as lines:
        for _ in range(count):
            next(lines)
        began = time.perf_counter()
        os.close(go_write)
        meanwhile()
        said = [json.loads(line) for line in lines]
    os.close(go_read)
    return said, time.perf_counter() - began


def without_lock():
    """Read an account like anything else, and dawdle before writing."""
    from care_points import ledger
    from care_points.models import PointsAccount

    def unlocked(talent):
        account = PointsAccount.objects.get(talent=talent)
        time.sleep(0.02)
        return account

    ledger.lock_account = unlocked


def tried(operation, **arguments):
    """Return (the answer as a word, what was returned or None) of an operation."""
    from django.db import Error, IntegrityError

    from kernel.errors import DomainError

    try:
        return "done", operation(**arguments)
    except DomainError as error:
        return f"{error.code} ({error.status})", None
    except IntegrityError as error:
        return f"refused by {error.__cause__.diag.constraint_name}", None
    except Error as error:
        return type(error).__name__, None


def redeem(talent, service, key, cost=None):
    """Try to redeem; returns (answer, Redemption or None)."""
    from django.utils import timezone

    from care_points import operations

    return tried(
        operations.redeem,
        talent=talent,
        service=service,
        idempotency_key=key,
        expected_cost=cost or service.cost,
        by=None,
        now=timezone.now(),
    )


def cast():
    """Return (women, a service without a quota, a user who may fulfil)."""
    from accounts.models import User
    from care_points.models import Service
    from talents.models import Talent

    women = list(Talent.objects.filter(full_name="江试").order_by("pk"))
    return women, Service.objects.get(title="试"), User.objects.get(full_name="吴试")


# --- steps --------------------------------------------------------------------------------------------


def make(women, points):
    """Make a station, a service and women with so many points each."""
    from django.utils import timezone

    from tests import factories
    from tests.care_points import make as things

    operator = factories.user("吴试")
    things.service(title="试", cost=PRICE, station=things.station(operator))
    for _ in range(women):
        things.give(factories.talent(full_name="江试"), points, now=timezone.now())
    return {"women": women}


def spend(rounds, *, unlocked=False, name="spend"):
    """Let sixteen processes spend from shared accounts; each cancels or has fulfilled some of what it got."""
    from django.utils import timezone

    from care_points import operations

    women, service, operator = cast()
    if unlocked:
        without_lock()

    def work(number):
        random = Random(number)
        for n in range(rounds):
            key = f"{name}-{number}-{n}"
            answer, voucher = redeem(random.choice(women), service, key)
            yield [answer, key if voucher else None]
            end = random.random()
            if voucher and end < 0.2:
                about = {"redemption": voucher, "by": None, "now": timezone.now()}
                yield [tried(operations.cancel_redemption, **about)[0] + " cancelling", None]
            elif voucher and end < 0.4:
                about = {"code": voucher.code, "by": operator, "now": timezone.now()}
                yield [tried(operations.fulfil, **about)[0] + " fulfilling", None]

    said, seconds = forked(work)
    answers = Counter(answer for answer, _key in said)
    return {"answers": answers, "seconds": seconds} | state([key for _answer, key in said if key])


def one_key(times, other=False):
    """Send one request so often at one moment; with `other` then the same key for another price."""
    women, service, _operator = cast()

    def work(number):
        answer, voucher = redeem(women[0], service, "one-key")
        yield [answer, voucher and voucher.pk]

    said, _seconds = forked(work, times)
    found = {
        "answers": Counter(answer for answer, _pk in said),
        "vouchers": len({pk for _answer, pk in said}),
    }
    again, _voucher = redeem(women[0], service, "one-key", cost=service.cost + 1)
    return found | {"another_body": again} | state(["one-key"])


def kills(times):
    """End a process with -9 again and again while it redeems and has fulfilled; count what is left half done."""
    from django.db import connection

    from care_points.models import Redemption, RedemptionState

    women, service, operator = cast()
    before = Redemption.objects.count()
    connection.close()
    random, killed = Random(7), 0
    for n in range(times):
        said_read, said_write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(said_read)
            _redeem_and_fulfil(women, service, operator, f"kill-{n}", said_write)
        os.close(said_write)
        os.read(
            said_read, 1
        )  # one voucher is made and used: it is in the middle of the next from here on
        time.sleep(random.random() * 0.05)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(said_read)
        killed += 1
    made = Redemption.objects.filter(pk__gt=0, idempotency_key__startswith="kill-")
    left = {
        "killed": killed,
        "reserved": made.filter(state=RedemptionState.RESERVED).count(),
        "fulfilled": made.filter(state=RedemptionState.FULFILLED).count(),
        "new": Redemption.objects.count() - before,
    }
    # What was reserved is as good as ever: each is fulfilled, once.
    from django.utils import timezone

    from care_points import operations

    ends = Counter()
    for voucher in list(made.filter(state=RedemptionState.RESERVED)):
        for _ in range(2):
            about = {"code": voucher.code, "by": operator, "now": timezone.now()}
            ends[tried(operations.fulfil, **about)[0]] += 1
    return left | {"afterwards": ends} | state(list(made.values_list("idempotency_key", flat=True)))


def _redeem_and_fulfil(women, service, operator, name, said):
    """Redeem and have fulfilled, without an end; never returns."""
    from django.utils import timezone

    from care_points import operations

    random = Random(name)
    for n in range(10_000):
        _answer, voucher = redeem(random.choice(women), service, f"{name}-{n}")
        if voucher:
            tried(operations.fulfil, code=voucher.code, by=operator, now=timezone.now())
            os.write(said, b".")
    os._exit(0)


def through_a_restart(rounds):
    """Spend while the database goes away and comes back; whoever got no answer asks again with her key."""
    from django.db import connection

    women, service, _operator = cast()

    def work(number):
        random = Random(number + 100)
        for n in range(rounds):
            her, key = random.choice(women), f"restart-{number}-{n}"
            for _ in range(300):
                answer, voucher = redeem(her, service, key)
                if not answer.endswith("Error"):
                    break
                connection.close()
                time.sleep(0.1)
                yield ["no answer", None]
            yield [answer, key if voucher else None]

    def crash():
        """Kill a server process of its own with -9 once they are at it: all of them start anew."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        time.sleep(1)
        os.kill(pid, signal.SIGKILL)
        connection.close()

    said, seconds = forked(work, meanwhile=crash)
    answers = Counter(answer for answer, _key in said)
    return {"answers": answers, "seconds": seconds} | state([key for _answer, key in said if key])


def state(accepted):
    """Return whether the ledger adds up, and whether each accepted request (by its key) was paid once."""
    from django.db.models import Exists, Min, OuterRef, Sum

    from care_points.models import Entry, PointsAccount, Redemption, Transfer
    from care_points.reconciliation import reconcile

    vouchers = Redemption.objects.filter(idempotency_key__in=accepted)
    paid = Transfer.objects.filter(redemption__in=vouchers).count()
    spent = Transfer.objects.filter(redemption=OuterRef("pk"))
    unpaid = Redemption.objects.filter(~Exists(spent)).count()
    return {
        "accepted": len(set(accepted)),
        "vouchers_of_them": vouchers.count(),
        "paid": paid,
        "vouchers_unpaid": unpaid,
        "sum": Entry.objects.aggregate(n=Sum("amount", default=0))["n"],
        "lowest": PointsAccount.objects.filter(kind="talent").aggregate(n=Min("balance"))["n"],
        "sound": reconcile().sound,
    }


def measure(seconds):
    """Time in the database what her pages read, and how many transfers a second sixteen processes write."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from care_points import lots, operations, statement
    from care_points.models import Entry, PointsAccount

    user = User.objects.first()
    accounts = list(PointsAccount.objects.filter(kind="talent").order_by("?")[:200])

    def timed(ask):
        times = []
        connection.force_debug_cursor = True
        for account in accounts:
            connection.queries_log.clear()
            ask(account)
            times.append(sum(float(q["time"]) for q in connection.queries_log) * 1000)
        connection.force_debug_cursor = False
        times.sort()
        return [times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]]

    found = {
        "statement page": timed(lambda a: statement.page(a, user)),
        "a page in the middle": timed(lambda a: statement.page(a, user, _middle(a))),
        "balance": timed(
            lambda a: PointsAccount.objects.filter(pk=a.pk).values_list("balance").first()
        ),
        "lots (all entries of one account)": timed(lots.lots),
    }
    women, _service, _operator = cast()
    until = time.time() + seconds

    def work(number):
        mine, n = women[number::PROCESSES], 0
        while time.time() < until:
            her = mine[n % len(mine)]
            n += 1
            operations.earn(
                rule_code="test_1000",
                talent=her,
                key=f"bench-{until}-{number}-{n}",
                by=None,
                now=timezone.now(),
            )
        yield n

    connection.close()
    said, took = forked(work)
    return {
        "times": found,
        "entries": Entry.objects.count(),
        "transfers_a_second": sum(said) / took,
    }


def _middle(account):
    """Return the cursor of a page fifty entries down."""
    from care_points.models import Entry
    from care_points.statement import NEWEST_FIRST

    pk = (
        Entry.objects.filter(account=account)
        .order_by("-pk")
        .values_list("pk", flat=True)[50:51]
        .first()
    )
    return NEWEST_FIRST.cursor([pk]) if pk else ""


STEPS = {
    "make": make,
    "spend": spend,
    "one_key": one_key,
    "kills": kills,
    "through_a_restart": through_a_restart,
    "measure": measure,
}


def main(order):
    """Set Django up and do the step."""
    django.setup()
    import notices.tasks  # noqa: F401  (loaded once, not in each process)

    print(json.dumps(STEPS[order.pop("step")](**order)))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
