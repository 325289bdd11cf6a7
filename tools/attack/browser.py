"""A small HTTP client that may do what browsers never would: odd cookies, hosts, headers and bodies."""

import http.client
import threading
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "portal.example.cn"
BOUNDARY = "----------------attack"
SECRET = "a" * 32


@dataclass(frozen=True)
class Answer:
    """One answer; `headers` is a list of (name in lower case, value)."""

    status: int
    headers: list
    body: bytes

    @property
    def text(self):
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name):
        """Return the header of this name, "" where there is none."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def location(self):
        """Return where it leads."""
        return self.header("location")


class Browser:
    """One visitor: her cookies, and the network address our proxy would name for her.

    `cookies` are the names without prefix ("sessionid"); `prefix` is what production puts before them.
    """

    prefix, scheme = "__Host-", "https"

    def __init__(self, port, *, address="203.0.113.7", cookies=None, host=HOST):
        self.port, self.address, self.host = port, address, host
        self.cookies = {f"{self.prefix}csrftoken": SECRET}
        self.cookies |= {self.prefix + name: value for name, value in (cookies or {}).items()}

    def ask(self, method, path, body=None, *, headers=None, patience=60):
        """Send one request as it is; cookies that are set are kept. Raises OSError."""
        sent = {
            "Host": self.host,
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        } | (headers or {})
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            link.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None and (name, value) != ("Cookie", ""):
                    link.putheader(
                        name, *([value] if isinstance(value, bytes) else [str(value).encode()])
                    )
            if body is not None or method == "POST":
                link.putheader("Content-Length", str(len(body or b"")))
            link.endheaders(body or None)
            got = link.getresponse()
            answer = Answer(got.status, [(n.lower(), v) for n, v in got.getheaders()], got.read())
        except http.client.HTTPException as error:
            raise ConnectionError(type(error).__name__) from error
        finally:
            link.close()
        self._keep(answer)
        return answer

    def _keep(self, answer):
        for name, value in answer.headers:
            if name == "set-cookie":
                cookie, _, rest = value.partition(";")
                key, _, content = cookie.partition("=")
                self.cookies.pop(key, None)
                if "max-age=0" not in rest.lower():
                    self.cookies[key] = content

    def get(self, path, **options):
        """Ask for a page."""
        return self.ask("GET", path, **options)

    def post(self, path, form=None, *, files=None, headers=None, token=SECRET, **options):
        """Send a form as the site's own page would; `files` is {name: (file name, bytes)}."""
        fields = dict(form or {})
        if token is not None:
            self.cookies[f"{self.prefix}csrftoken"] = SECRET
            fields["csrfmiddlewaretoken"] = token
        if files:
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", _multipart(fields, files)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields, doseq=True).encode()
        sent = {"Content-Type": kind, "Origin": f"{self.scheme}://{self.host}"} | (headers or {})
        return self.ask("POST", path, body, headers=sent, **options)


def _multipart(fields, files):
    parts = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{one}'.encode())
    for name, (file_name, data) in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data)
    edge = f"--{BOUNDARY}\r\n".encode()
    return b"".join(edge + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def at_once(jobs, clients=16):
    """Call every job (a function without arguments) in `clients` threads; return what each returned or raised."""
    results, todo = [None] * len(jobs), iter(enumerate(jobs))
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                number, job = next(todo, (None, None))
            if job is None:
                return
            try:
                results[number] = job()
            except Exception as error:
                results[number] = error

    threads = [threading.Thread(target=work) for _ in range(min(clients, len(jobs)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def broken_down(answers):
    """Return how many of these answers are faults of the server: 5xx, or none at all."""
    return sum(isinstance(a, Exception) or a.status >= 500 for a in answers)
