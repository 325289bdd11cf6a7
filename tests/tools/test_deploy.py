"""What is deployed: who gets which secret, limits of each service, one clock, a page of the proxy's own."""

import os
import re
import subprocess

import pytest
import yaml

from liangjiang.celery import app
from liangjiang.server import SECONDS_TO_END
from tools import stamps
from tools.bootstrap import ROOT, VENV

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
PORTAL = ["migrate", "web-a", "web-b", "worker", "beat"]
READ = re.compile(r'env\.(?:text|secret|flag|number|listing)\(\s*"([A-Z_]+)"')
# Given by the image, or for other ways to run than compose.
ELSEWHERE = {
    "DATABASE_OWNER_URL",  # migrate's alone
    "DATABASE_PURGE_ROLE",
    "EMAIL_BACKEND",
    "OUTBOX_DIR",
    "PGBOUNCER",
    "PUBLIC_CACHE",
    "SECURE_SSL_REDIRECT",
    "VAR_DIR",
    "WEB_HOST",
    "WEB_PORT",
}


def test_every_variable_the_portal_reads_reaches_it():
    read = set()
    for path in stamps.project_files("*.py", "settings/*.py"):
        if path.relative_to(ROOT).parts[0] not in ("tests", "tools"):
            read |= set(READ.findall(path.read_text("utf-8")))
    assert read - ELSEWHERE - COMPOSE["x-environment"].keys() == set()


def test_the_owners_and_the_purge_roles_passwords_reach_nobody_else():
    def holders(secret):
        return {name for name, service in SERVICES.items() if secret in str(service)}

    assert holders("${POSTGRES_PASSWORD") == {"db"}
    assert holders("${DATABASE_OWNER_PASSWORD") == {"db", "migrate"}
    assert holders("${DATABASE_PURGE_PASSWORD") == {"db"}
    assert [name for name in SERVICES if "env_file" in SERVICES[name]] == []


def test_every_service_has_a_limit_of_memory_and_of_its_log():
    lacking = [n for n, s in SERVICES.items() if not s.get("mem_limit") or not s.get("logging")]
    assert lacking == []


PROGRAM = """#!/bin/sh
echo "${0##*/} $* [$PIP_INDEX_URL]" >> "$CALLED"
"""


@pytest.mark.parametrize("mirror", ["", "https://mirror.example/simple"])
def test_a_mirror_of_the_package_index_reaches_both_installers_of_the_build(tmp_path, mirror):
    assert SERVICES["migrate"]["build"]["args"]["PIP_INDEX_URL"] == "${PIP_INDEX_URL:-}"
    for name in ("python", "pip", "uv"):
        (tmp_path / name).write_text(PROGRAM)
        (tmp_path / name).chmod(0o755)
    installing = [
        command.replace("\\\n", " ")
        for command in re.findall(
            r"^RUN (.*?[^\\])\n", (ROOT / "Dockerfile").read_text(), re.M | re.S
        )
        if "uv pip install" in command
    ]
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "CALLED": str(tmp_path / "called")}
    env |= {"PIP_INDEX_URL": mirror, "EXTRAS": "aliyun"}
    for command in installing:
        subprocess.run(["/bin/sh", "-c", command], env=env, check=True)
    calls = [line for line in (tmp_path / "called").read_text().splitlines() if "install" in line]
    assert [line.split()[0] for line in calls] == ["pip", "uv", "uv"]
    assert all(line.endswith(f"[{mirror}]") for line in calls)
    told = f"--default-index {mirror}" if mirror else "uv pip install --no-cache"
    assert [told in line for line in calls] == [False, True, True]


def test_the_image_is_built_once_and_never_looked_for_in_a_registry():
    own = {name: s for name, s in SERVICES.items() if s["image"] == "liangjiang-portal:local"}
    assert [name for name, service in own.items() if "build" in service] == ["migrate"]
    assert {service["pull_policy"] for service in own.values()} == {"never"}


def test_tables_that_cannot_be_made_are_told_and_not_tried_for_ever():
    assert SERVICES["migrate"]["restart"] == "no"


def test_lists_have_a_queue_of_their_own_and_a_worker_that_does_nothing_else():
    app.loader.import_default_modules()
    tasks = ("talents.tasks.work_import", "talents.tasks.resume_imports")
    assert {app.conf.task_routes[task]["queue"] for task in tasks} == {"imports"}

    def queues(name):
        said = re.search(r"--queues (\S+)", (ROOT / "deploy" / name).read_text("utf-8"))
        return said[1].split(",")

    assert (queues("worker"), queues("imports")) == (["celery"], ["imports", "exports"])


def test_the_database_counts_as_healthy_only_when_it_answers_the_network():
    assert "--host=127.0.0.1" in SERVICES["db"]["healthcheck"]["test"]


def test_the_build_needs_no_image_besides_its_base():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert {line.split()[1] for line in lines if line.startswith("FROM")} == {
        "python:3.11-slim-bookworm"
    }
    assert [line for line in lines if "syntax=" in line] == []


def test_a_container_is_given_longer_to_stop_than_its_server_takes():
    assert {name: SERVICES[name]["stop_grace_period"] for name in ("web-a", "web-b")} == {
        "web-a": "30s",
        "web-b": "30s",
    }
    assert SECONDS_TO_END < 30


def test_the_web_reads_the_noted_heads_of_the_audit_chain_and_the_worker_alone_writes():
    mounts = {
        name: [v for v in SERVICES[name].get("volumes", []) if v.startswith("audit-anchors:")]
        for name in PORTAL
    }
    assert mounts == {
        "migrate": [],
        "web-a": ["audit-anchors:/var/lib/anchors:ro"],
        "web-b": ["audit-anchors:/var/lib/anchors:ro"],
        "worker": ["audit-anchors:/var/lib/anchors"],
        "beat": [],
    }


RESTORED = """\
compose stop web-a web-b worker imports beat
pg_restore the dump
compose run --rm migrate
compose run --rm worker python manage.py replay_erasures
compose run --rm worker python manage.py verify_audit
"""


# In their place stand programs that open what a key named "right" is for, and write down what they are asked for.
STUBS = {
    "age": 'grep -q right "$3" || exit 1; case "$*" in *--output*) ;; *) cat "$4" ;; esac',
    "docker": 'echo "$*" >> written',
    "put_back": 'echo "pg_restore $(cat)" >> written',
}


def restore(folder, key):
    """Run deploy/restore with a key; returns its exit code and what it asked for."""
    for name, does in STUBS.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    (folder / "key").write_text(key)
    (folder / "portal.dump.age").write_text("the dump")
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "RESTORE": "./put_back"}
    program = [ROOT / "deploy/restore", "portal.dump.age", "key"]
    done = subprocess.run(
        program, cwd=folder, env=os.environ | env, capture_output=True, check=False
    )
    written = folder / "written"
    return done.returncode, written.read_text() if written.exists() else ""


def test_a_restore_erases_again_before_anybody_is_served(tmp_path):
    assert restore(tmp_path, "right") == (0, RESTORED)


def test_a_wrong_key_is_told_before_anything_is_stopped(tmp_path):
    assert restore(tmp_path, "wrong") == (1, "")


# In age's place: seals for one owner, here by putting other letters for what comes in.
SEALS = """\
#!/bin/sh
[ "$1 $2 $3" = "--recipient age1owner --output" ] || exit 1
exec tr a-z n-za-m > "$4"
"""


@pytest.mark.parametrize(
    ("recipient", "dump", "left"),
    [
        ("age1owner", "printf weiliuan", ["jrvyvhna"]),
        ("age1other", "printf weiliuan", []),  # a seal that fails
        ("age1owner", "cat weiliuan nothing", []),  # a dump that ends in the middle
        ("", "printf weiliuan", []),
    ],
)
def test_of_a_backup_nothing_is_left_that_is_open_or_half(tmp_path, recipient, dump, left):
    (tmp_path / "age").write_text(SEALS)
    (tmp_path / "age").chmod(0o755)
    (tmp_path / "weiliuan").write_text("weiliuan")
    folder = tmp_path / "backups"
    folder.mkdir()
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "BACKUP_RECIPIENT": recipient, "DUMP": dump}
    done = subprocess.run(
        [ROOT / "deploy/backup", folder],
        cwd=tmp_path,
        env=os.environ | env,
        capture_output=True,
        check=False,
    )
    made = list(folder.iterdir())
    assert [path.read_text() for path in made] == left
    assert (done.returncode == 0) == bool(left)
    assert {oct(path.stat().st_mode)[-3:] for path in made} <= {"600"}


def test_the_list_of_erasures_lies_on_the_volume_only_the_worker_writes():
    folder = "/var/lib/anchors/"
    assert SERVICES["worker"]["environment"]["ERASURE_LIST"].startswith(folder)


VALIDATED = "compose run --rm --no-deps proxy caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile"
UPDATED = [
    "compose build",
    VALIDATED,
    "compose up --detach --wait db redis",
    "compose run --rm migrate",
    "compose up --detach --no-deps --wait --wait-timeout 120 web-a",
    "compose up --detach --no-deps --wait --wait-timeout 120 web-b",
    "compose up --detach --no-deps beat",
    "compose up --detach --no-deps --wait --wait-timeout 180 worker imports",
    "compose exec --no-TTY proxy cat /etc/caddy/Caddyfile",
    "compose up --detach --no-deps --wait --wait-timeout 60 proxy",
]
# In docker's place: writes down what it is asked for, fails where it is told to, and has the proxy's file as mounted.
DOCKER = """\
#!/bin/sh
echo "$*" >> "$FOLDER/written"
[ "$*" != "$FAILS" ] || exit 1
case "$*" in *" cat "*) cat "$FOLDER/mounted" ;; esac
"""


def update(folder, mounted, fails=""):
    """Run deploy/update where the proxy's container sees `mounted`; returns its exit code and what it asked for."""
    (folder / "docker").write_text(DOCKER)
    (folder / "docker").chmod(0o755)
    (folder / "mounted").write_text(mounted)
    (folder / "written").unlink(missing_ok=True)
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "FOLDER": str(folder), "FAILS": fails}
    done = subprocess.run([ROOT / "deploy/update"], env=os.environ | env, check=False)
    return done.returncode, (folder / "written").read_text().splitlines()


def test_an_update_replaces_one_after_the_other_the_proxy_last(tmp_path):
    assert update(tmp_path, (ROOT / "deploy/Caddyfile").read_text("utf-8")) == (0, UPDATED)


def test_a_proxy_that_still_sees_the_old_file_is_made_anew(tmp_path):
    anew = UPDATED[-1].replace(" proxy", " --force-recreate proxy")
    assert update(tmp_path, "the file before") == (0, [*UPDATED[:-1], anew])


def test_an_update_stops_at_the_first_failure(tmp_path):
    mounted = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    steps = [step for step in UPDATED if " cat " not in step]
    for step in steps:
        assert update(tmp_path, mounted, fails=step) == (1, UPDATED[: UPDATED.index(step) + 1])


def test_an_update_waits_for_no_service_whose_check_of_health_is_disabled():
    waited = {
        name for step in UPDATED if "--wait" in step for name in step.split() if name in SERVICES
    }
    disabled = {n for n, s in SERVICES.items() if s.get("healthcheck", {}).get("disable")}
    assert disabled == {"migrate", "beat"}
    assert waited & disabled == set()


@pytest.fixture
def clock(tmp_path):
    """A way to start deploy/beat with a program that only waits in celery's place."""
    stub = tmp_path / "bin" / "celery"
    stub.parent.mkdir()
    stub.write_text("#!/bin/sh\necho started\nexec sleep 60\n")
    stub.chmod(0o755)
    path = f"{stub.parent}:{VENV / 'bin'}:{os.environ['PATH']}"
    children = []

    def start():
        child = subprocess.Popen(
            [ROOT / "deploy" / "beat"],
            cwd=ROOT,
            env=os.environ | {"PATH": path, "VAR_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


def test_a_second_clock_refuses_and_may_start_when_the_first_has_ended(clock):
    first = clock()
    assert first.stdout.readline() == "started\n"
    second = clock()
    said = second.communicate()[1]
    assert second.returncode == 1
    assert said.endswith("exactly one keeps the time.\n")
    first.kill()
    first.wait()
    assert clock().stdout.readline() == "started\n"


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("unavailable", "正在恢复服务", "We will be back shortly"),
        ("too_large", "文件太大，没有上传", "The file is too large and was not uploaded"),
    ],
)
def test_the_proxys_pages_need_nothing_but_themselves(name, chinese, english):
    page = (ROOT / f"deploy/pages/{name}.html").read_text("utf-8")
    assert re.findall(r'(?:src|srcset|url\()\s*=?\s*"?([^"\s)]+)', page) == []
    assert "<link" not in page and "<script" not in page
    assert chinese in page and english in page
    assert f"rewrite /{name}.html" in (ROOT / "deploy/Caddyfile").read_text("utf-8")
