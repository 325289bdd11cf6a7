"""What the proxy in front does, tried with the Caddyfile as it is deployed: no gap in an update, its own pages, no traces."""

import http.client
import json
import os
import socket
import subprocess
import threading
import time
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tools.bootstrap import ROOT, VENV

MB = 1_000_000


class Container(BaseHTTPRequestHandler):
    """Stands where a web container does, and says what reached it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = json.dumps({"by": self.server.server_port, "headers": dict(self.headers)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", len(said))
        self.send_header("Server", "container")
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *args):
        """Stay silent."""


class Listener(ThreadingHTTPServer):
    """Threads end with the test, whatever a connection kept open."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *args):
        """Stay silent: the proxy hangs up on who is refused."""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def container(port):
    """Let a container answer at a port inside the block."""
    server = Listener(("127.0.0.1", port), Container)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def times():
    """Return after what time Caddy asks a container again and gives a request up: less than in a container."""
    return {"WEB_HEALTH_INTERVAL": "100ms", "WEB_TRY_DURATION": "1s"}


@pytest.fixture
def proxy(tmp_path, times):
    """Start Caddy with the deployed file before two ports where nothing answers yet; (address, ports, log)."""
    port, ports, log = free_port(), (free_port(), free_port()), tmp_path / "log"
    given = {
        "SITE_HOST": f"http://127.0.0.1:{port}",
        "SITE_TLS": "",
        "WEB_ADDRESSES": " ".join(f"127.0.0.1:{one}" for one in ports),
        "PAGES": str(ROOT / "deploy/pages"),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    with log.open("w") as lines:
        command = [VENV / "bin/caddy", "run", "--config", ROOT / "deploy/Caddyfile"]
        child = subprocess.Popen(
            [*command, "--adapter", "caddyfile"],
            env=os.environ | given | times,
            stdout=lines,
            stderr=lines,
        )
    try:
        until_listening(port)
        yield f"http://127.0.0.1:{port}", ports, log
    finally:
        child.terminate()
        child.wait(20)


def until_listening(port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError


def ask(address, body=None, **headers):
    """Return (status, headers, text) of a request.

    Whoever is refused before the whole body is sent may find the line closed while still sending; the answer is there
    to be read all the same. urllib throws it away, so this is http.client.
    """
    there = urlsplit(address)
    line = http.client.HTTPConnection(there.hostname, there.port, timeout=30)
    with closing(line):
        with suppress(BrokenPipeError, ConnectionResetError):
            target = there.path + (f"?{there.query}" if there.query else "")
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            line.request("POST" if body else "GET", target, body=body, headers=kind | headers)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode()


@pytest.mark.parametrize("times", [{}])
def test_one_container_after_the_other_is_replaced_without_a_gap(proxy):
    address, (a, b), _log = proxy
    answers, replaced = [], threading.Event()

    def reader():
        while not replaced.is_set():
            answers.append(ask(f"{address}/events/"))

    readers = [threading.Thread(target=reader) for _ in range(4)]
    with container(b):
        with container(a):
            [one.start() for one in readers]
            time.sleep(0.5)
        time.sleep(0.5)  # a is away
        with container(a):
            time.sleep(0.5)
    with container(a):  # b is away
        time.sleep(0.5)
        with container(b):
            time.sleep(0.5)
            replaced.set()
            [one.join() for one in readers]
    assert {status for status, _headers, _text in answers} == {200}
    assert {json.loads(text)["by"] for _status, _headers, text in answers} == {a, b}


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/events/", "text/html; charset=utf-8", "<h1>"),
        ("/api/v1/events/", "application/problem+json", '"code":"unavailable"'),
    ],
)
def test_with_nothing_behind_it_there_is_a_page_that_asks_to_wait(proxy, path, kind, says):
    address, _ports, _log = proxy
    status, headers, text = ask(address + path)
    assert (status, headers["Content-Type"], headers["Retry-After"]) == (503, kind, "15")
    assert (headers["Cache-Control"], headers["Server"]) == ("no-store", None)
    assert says in text


def test_a_body_no_form_takes_is_refused_in_words(proxy):
    address, (a, _b), _log = proxy
    with container(a):
        status, headers, text = ask(f"{address}/admin/", body=b"x" * (26 * MB))
        assert (status, headers["Content-Type"]) == (413, "text/html; charset=utf-8")
        assert "<h1>" in text
        status, headers, text = ask(f"{address}/api/v1/events/", body=b"x" * (26 * MB))
        assert (status, headers["Content-Type"]) == (413, "application/problem+json")
        assert json.loads(text)["code"] == "too_large"
        assert ask(f"{address}/admin/", body=b"x" * (24 * MB))[0] == 200


def test_bodies_no_form_takes_keep_nobody_else_out(proxy):
    """Nobody can put the containers aside for everybody by sending what is refused."""
    address, ports, _log = proxy
    with container(ports[0]), container(ports[1]):
        refused = [ask(f"{address}/admin/", body=b"x" * (26 * MB))[0] for _ in range(4)]
        assert (refused, ask(f"{address}/events/")[0]) == ([413] * 4, 200)


def test_who_sends_slowly_reads_the_refusal_too(proxy):
    """The line is closed under the sender (the rest would not arrive), and the answer still tells why."""
    address, (a, _b), _log = proxy
    sent = []

    def slowly():
        for _ in range(40):
            yield b"x" * MB
            sent.append(MB)
            time.sleep(0.2 if len(sent) > 25 else 0)

    with container(a):
        assert ask(f"{address}/admin/", body=slowly(), **{"Content-Length": str(40 * MB)})[0] == 413
    assert len(sent) < 40


def test_what_reaches_the_portal_and_what_leaves_it(proxy):
    address, (a, _b), log = proxy
    sent = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Request-Id": "mine",
        "Cookie": "sessionid=secret-one",
    }
    key, feed = (
        "/accounts/password/reset/key/secret-two/",
        "/events/feed/W4N8TQ2HXB/secret-five.ics",
    )
    with container(a):
        ask(f"{address}{feed}", **sent)
        _status, headers, text = ask(
            f"{address}{key}?q=secret-three", Referer="/?q=secret-four", **sent
        )
    reached = json.loads(text)["headers"]
    assert reached["X-Forwarded-For"] == "127.0.0.1"
    assert len(reached["X-Request-Id"]) == 36
    assert (headers["Server"], headers["Via"]) == (None, None)
    lines = [one for one in log.read_text().splitlines() if "handled request" in one]
    assert [reached["X-Request-Id"] in line for line in lines] == [False, True]
    assert "secret" not in "".join(lines)
