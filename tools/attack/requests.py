"""Requests no browser of ours would send: without token, odd cookies, foreign hosts, ways out of the site."""

from django.db import connection

from tests import factories
from tests.walk import routes
from tools.attack import world
from tools.attack.browser import HOST, Browser, at_once, broken_down
from tools.attack.cases import Outcome, case

ELSEWHERE = "evil.example"
PAGES = (
    "/",
    "/events/",
    "/points/services/",
    "/accounts/login/",
    "/me/",
    "/admin/",
    "/api/v1/events/",
)
# What machines send without a cookie: there is nothing to forge.
WITHOUT_COOKIE = ("/api/v1/",)


def places():
    """Return every address of the resolver, with a number where one is asked for."""
    found = []
    for route in routes.routes().values():
        if "<" in route and route not in routes.PATTERNS:
            found.append("/" + routes.ARGUMENT.sub("1", route))
        elif route not in routes.PATTERNS:
            found.append(f"/{route}")
    return sorted({place for place in found if not place.startswith(WITHOUT_COOKIE)})


# What is written without anybody's wish: sessions, links of the chain, what the worker sends meanwhile.
UNASKED = ("accounts_session", "privacy_auditlink", "notices_delivery")


def fingerprints():
    """Return {table: digest of its rows}."""
    tables = [t for t in connection.introspection.table_names() if t not in UNASKED]
    sums = [f"(SELECT coalesce(sum(hashtext(t::text)), 0) FROM {table} t)" for table in tables]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sums)}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def forged(port, people):
    """POST to every address as each of these people: without a token, with a foreign one, from a foreign page."""
    kinds = (
        {"token": None},
        {"token": "b" * 32},
        {"headers": {"Origin": f"https://{ELSEWHERE}"}},
        {"headers": {"Origin": None, "Referer": f"https://{ELSEWHERE}/"}},
    )
    jobs = []
    for person in people:
        for place in places():
            for options in kinds:
                if "logout" not in place:
                    browser = world.browser(port, person)
                    jobs.append(
                        lambda b=browser, p=place, o=options: b.post(p, {"language": "en"}, **o)
                    )
    before = fingerprints()
    answers = at_once(jobs, 8)
    after = fingerprints()
    changed = [table for table in after if after[table] != before[table]]
    return len(jobs), changed, broken_down(answers)


@case
def forged_posts(attack):
    """Let a woman's or clerk's browser send forms from a page elsewhere, to every address. Nothing is written."""
    people = [
        world.woman().user,
        factories.staff("department_clerk", "event_organiser", "points_clerk"),
    ]
    tried, changed, faults = forged(attack.port, people)
    return Outcome(
        tried,
        bool(changed) or faults > 0,
        f"{len(places())} addresses: {len(changed)} tables written to {changed or ''}, {faults} faults",
    )


@forged_posts.control
def _(attack):
    tried, changed, _faults = forged(attack.unguarded, [world.woman().user])
    return Outcome(tried, bool(changed), f"{len(changed)} tables written to")


# --- cookies, bodies ------------------------------------------------------------------------------

ODD = (
    '"\\000\\001"', "\x00", "a" * 3000, "é" * 40, "=;=;", "../../etc/passwd", "' OR 1=1 --", "\\x00" * 10,
    "%00", '""', "null", "sessionid=sessionid", "A" * 32, "0" * 32, "\u202e".encode().decode("latin-1"),
)  # fmt: skip
NAMES = ("__Host-sessionid", "__Host-csrftoken", "messages", "whose", "django_language", "device")
# Read for staff alone, on a list.
COLUMNS, LIST = "columns", "/admin/events/event/"


def with_odd_cookies(port):
    """Ask each page with each odd value of each cookie, and post with it."""
    jobs = []
    for name in NAMES:
        for value in ODD:
            cookie = f"{name}={value}".encode("latin-1", "replace")
            for page in PAGES:
                jobs.append(lambda c=cookie, p=page: Browser(port).get(p, headers={"Cookie": c}))
            jobs.append(lambda c=cookie: sign_in_with(port, c))
    organiser = world.browser(port, factories.staff("event_organiser"))
    session = f"{Browser.prefix}sessionid={organiser.cookies[f'{Browser.prefix}sessionid']}"
    for value in ODD:
        cookie = f"{session}; {COLUMNS}={value}".encode("latin-1", "replace")
        jobs.append(lambda c=cookie: Browser(port).get(LIST, headers={"Cookie": c}))
    return jobs


def sign_in_with(port, cookie):
    """Try to sign in with a phone of nobody, which is where the browser's mark is read."""
    form = {"login": world.phone(), "password": world.PASSWORD}
    browser = Browser(port, address=world.somewhere())
    return browser.post("/accounts/login/", form, headers={"Cookie": cookie})


@case
def odd_cookies(attack):
    """Break a page with what stands in a cookie. None answers 500."""
    jobs = with_odd_cookies(attack.port)
    answers = at_once(jobs, 8)
    return Outcome(len(jobs), broken_down(answers) > 0, f"{broken_down(answers)} faults")


@odd_cookies.control
def _(attack):
    jobs = with_odd_cookies(attack.unguarded)
    faults = broken_down(at_once(jobs, 8))
    return Outcome(len(jobs), faults > 0, f"session keys believed: {faults} faults")


def odd_bodies():
    """Return (method, path, body, content type) no form would send."""
    multipart = "multipart/form-data; boundary=x"
    form, login = "application/x-www-form-urlencoded", "/accounts/login/"
    return [
        ("POST", login, b"\xff\xfe\x00" * 100, form),
        ("POST", login, b"login=%ff%fe&password=%00", form),
        ("POST", login, b"a=1&" * 3000, form),
        ("POST", login, b"x" * 3_000_000, form),
        ("POST", login, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', multipart),
        ("POST", login, b"garbage", multipart),
        ("POST", login, b"garbage", "multipart/form-data"),
        ("POST", login, b"garbage", "multipart/form-data; boundary=" + "b" * 500),
        ("POST", login, b"{}", "application/json; charset=nonsense"),
        ("POST", login, b"login=a", "application/x-www-form-urlencoded; charset=utf-7"),
        ("POST", "/api/v1/oauth/token/", b"\xff", form),
        (
            "POST",
            "/api/v1/oauth/token/",
            b"grant_type=client_credentials&client_id=%00&client_secret=%00",
            form,
        ),
        ("GET", "/%ff%fe/", None, ""),
        ("GET", "/events/%00/", None, ""),
        ("GET", "/events/?q=%ff%00&after=%00", None, ""),
        ("GET", "/" + "a" * 6000, None, ""),
        ("GET", "/?" + "a=b&" * 2000, None, ""),
        ("GET", "//evil.example/%2f..", None, ""),
        ("PROPFIND", "/", None, ""),
        ("TRACE", "/", None, ""),
    ]


@case
def odd_bodies_and_paths(attack):
    """Break a page with bytes that are no form, no text, no path. None answers 500."""
    answers = []
    for method, path, body, kind in odd_bodies() * 5:
        browser = world.browser(attack.port)
        try:
            answers.append(
                browser.ask(method, path, body, headers={"Content-Type": kind} if kind else None)
            )
        except OSError as error:
            # A connection closed on a request too large is an answer, too.
            answers.append(error if "Timeout" in type(error).__name__ else browser.get("/healthz"))
    return Outcome(len(answers), broken_down(answers) > 0, f"{broken_down(answers)} faults")


@odd_bodies_and_paths.control
def _(attack):
    """A cursor read without care answers 500, and is counted."""
    answer = world.browser(attack.unguarded).get("/events/?after=x")
    return Outcome(1, broken_down([answer]) == 1, f"a cursor believed: HTTP {answer.status}")


# --- hosts and ways out ---------------------------------------------------------------------------


def poisoned(port):
    """Ask public pages under foreign hosts, then look at what strangers and mails get."""
    kinds = (
        {"Host": ELSEWHERE},
        {"Host": f"{HOST}:1234@{ELSEWHERE}"},
        {"Host": f"{HOST}.{ELSEWHERE}"},
        {"X-Forwarded-Host": ELSEWHERE},
        {"Forwarded": f"host={ELSEWHERE}"},
        {"X-Original-URL": "/admin/"},
        {"X-Host": ELSEWHERE},
        {"X-Forwarded-Proto": "http", "Host": ELSEWHERE},
    )
    tried = bad = 0
    for headers in kinds:
        for path in ("/", "/events/", "/robots.txt", "/sitemap.xml", "/accounts/login/"):
            browser = world.browser(port)
            first = browser.get(path, headers=headers)
            later = world.browser(port).get(path)
            tried += 2
            named = [ELSEWHERE in one.text or ELSEWHERE in one.location for one in (first, later)]
            bad += any(named) or later.status != 200
    return tried, bad


@case
def foreign_hosts(attack):
    """Have the portal name another host in its pages, links or redirects, also to the next reader out of memory."""
    tried, bad = poisoned(attack.port)
    return Outcome(tried, bad > 0, f"{bad} answers name it")


@foreign_hosts.control
def _(attack):
    tried, bad = poisoned(attack.unguarded)
    return Outcome(tried, bad > 0, f"any host accepted: {bad} answers name it")


TARGETS = (
    f"https://{ELSEWHERE}/", f"//{ELSEWHERE}/", f"///{ELSEWHERE}", f"/\\{ELSEWHERE}", f"\\\\{ELSEWHERE}",
    f"https:{ELSEWHERE}", f"http:///{ELSEWHERE}", f"https://{HOST}@{ELSEWHERE}/", f"//{ELSEWHERE}%2f..",
    f"/%09/{ELSEWHERE}", f"\t//{ELSEWHERE}", "javascript:alert(1)", f"https://{HOST}.{ELSEWHERE}/",
    f"/me/\r\nLocation: https://{ELSEWHERE}", f"%2f%2f{ELSEWHERE}", f"data:text/html,<a href=//{ELSEWHERE}>",
)  # fmt: skip


def leads_away(answer):
    """Tell whether a browser would leave the site."""
    place = answer.location.strip().replace("\\", "/").lower()
    foreign = place.startswith(("//", "javascript:", "data:")) or (
        ":" in place.split("/")[0] and not place.startswith(f"https://{HOST}/")
    )
    return answer.status in (301, 302, 303, 307, 308) and foreign


def ways_out(port):
    """Sign in, out and on with each target as the place to go to; return (tried, how many lead away)."""
    victim = world.woman(password=True).user
    clerk = factories.staff("department_clerk")
    answers = []
    for target in TARGETS:
        stranger, hers, staff = (
            world.browser(port),
            world.browser(port, victim),
            world.browser(port, clerk),
        )
        login = {"login": victim.phone, "password": world.PASSWORD, "next": target}
        answers += [
            stranger.post("/accounts/login/", login),
            hers.get("/accounts/login/?" + world.query(next=target)),
            hers.post("/accounts/language/", {"language": "zh-hans", "next": target}),
            hers.get("/accounts/prove/?" + world.query(next=target)),
            staff.get("/admin/login/?" + world.query(next=target)),
            hers.post(
                "/notices/read/",
                {"next": target},
                headers={"Referer": target.strip()[:60].replace("\r\n", "")},
            ),
            hers.post("/accounts/logout/", {"next": target}),
        ]
    return len(answers), sum(map(leads_away, answers)), broken_down(answers)


@case
def open_redirects(attack):
    """Lead somebody who signs in with us to a page that looks like ours. Every way on stays here."""
    tried, away, faults = ways_out(attack.port)
    return Outcome(tried, away > 0 or faults > 0, f"{away} lead away, {faults} faults")


@open_redirects.control
def _(attack):
    tried, away, _faults = ways_out(attack.unguarded)
    return Outcome(tried, away > 0, f"{away} lead away")


# --- one reader's page for another -----------------------------------------------------------------


def stranger(port):
    """Return a browser without any cookie."""
    browser = world.browser(port)
    browser.cookies.clear()
    return browser


def mixed(port, rounds):
    """Let twelve women and strangers read the same public pages at once; count pages with another's name."""
    names = [f"冯{a}{b}" for a in "春夏秋冬" for b in "梅兰竹"]
    people = [(name, world.browser(port, world.woman(name).user)) for name in names]
    people += [("", stranger(port)) for _ in range(4)]
    paths = ("/", "/events/", "/points/services/", "/en/events/", "/events/past/")

    def read(name, browser, path):
        def job():
            answer = browser.get(path, headers={"Accept-Encoding": "identity"})
            others = sum(other in answer.text for other in names if other != name)
            return answer, others + (name not in answer.text)

        return job

    jobs = [read(*person, path) for _ in range(rounds) for path in paths for person in people]
    results = at_once(jobs, 16)
    bad = sum(isinstance(r, Exception) or r[1] > 0 for r in results)
    kept = sum(
        not isinstance(r, Exception) and "private" not in r[0].header("cache-control")
        for r in results
    )
    return len(jobs), bad, kept, len(names) / len(people)


@case
def names_in_others_pages(attack):
    """Read another woman's name out of a public page that is kept in memory, sixteen readers at once."""
    tried, bad, kept, signed_in = mixed(attack.port, 10)
    shared = kept > tried * (1 - signed_in)
    return Outcome(
        tried,
        bad > 0 or shared,
        f"{bad} with another's name, {kept} for shared caches (the strangers')",
    )


@names_in_others_pages.control
def _(attack):
    tried, bad, _kept, _signed_in = mixed(attack.unguarded, 1)
    return Outcome(tried, bad > 0, f"a hole filled once for all: {bad} with another's name")


# --- what browsers are told ------------------------------------------------------------------------

TOLD = (
    "content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy",
    "permissions-policy", "strict-transport-security", "cross-origin-opener-policy",
)  # fmt: skip


def untold(answer):
    """Return what an answer lacks, or says that it should not."""
    missing = [name for name in TOLD if not answer.header(name)]
    if "unsafe-inline" in answer.header("content-security-policy").partition("style-src")[0]:
        missing.append("unsafe-inline")
    for name, value in answer.headers:
        loose = (
            "max-age=0" not in value.lower()
            and not all(flag in value for flag in ("Secure", "SameSite"))
        ) or "Domain=" in value
        if name == "set-cookie" and loose:
            missing.append(value.partition("=")[0])
        if name == "x-powered-by":
            missing.append(name)
    return missing


@case
def headers_of_every_page(attack):
    """Frame, sniff or plant cookies. Every page carries its policies; cookies are Secure and of this host."""
    woman, clerk = world.woman().user, factories.staff("department_clerk")
    answers = []
    for person in (None, woman, clerk):
        browser = world.browser(attack.port, person)
        answers += [browser.get(place) for place in places() if "logout" not in place]
    wrong = [untold(answer) for answer in answers if untold(answer)]
    kinds = sorted({name for names in wrong for name in names})
    faults = broken_down(answers)
    return Outcome(
        len(answers),
        bool(wrong) or faults > 0,
        f"{len(wrong)} lack something {kinds or ''}, {faults} faults",
    )


@headers_of_every_page.control
def _(attack):
    """An answer without them is noticed."""
    from tools.attack.browser import Answer

    missing = untold(Answer(200, [("set-cookie", "a=b")], b""))
    return Outcome(1, len(missing) == len(TOLD) + 1, f"a bare answer: {len(missing)} found missing")
