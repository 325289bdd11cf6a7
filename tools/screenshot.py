"""Take the pictures of the README and of the clerks' page from a running portal with demo data.

    make pictures                                      # the portal of `make run`
    python -m tools.screenshot http://127.0.0.1:8123 staff-verify

They are kept in the repository, so that who reads the pages there sees them: as PNG with a reduced palette,
at most 150 KB each, and few. Signing in uses the demo's own logins, so this works against a portal that
`make run` started, nowhere else. The list that `staff-import` uploads waits in 名单导入 until it is cancelled.
"""

import argparse
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

from tools.say import Stop, line, run

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
STAFF = "staff-"  # these go to docs/staff/pictures/, without the prefix
SAMPLE = ROOT / "tests" / "talents" / "imports" / "data" / "talent_collection_form.xlsx"
MOST_BYTES = 150_000
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
PASSWORD = "liangjiang-2026"  # noqa: S105 (the demo's, printed by `make run`)
WOMAN = "14000000001"
CLERK = "clerk@example.cn"


@dataclass(frozen=True)
class Picture:
    """One screenshot: file name, address, who is signed in (None: nobody), window, colour scheme.

    `then` is a function of the page that goes on to what is shown, where its address is not known beforehand.
    """

    name: str
    path: str
    login: str | None = None
    window: str = "desktop"
    scheme: str = "light"
    then: Callable = None

    @property
    def file(self):
        """Return where the picture is kept."""
        if self.name.startswith(STAFF):
            return ROOT / "docs" / "staff" / "pictures" / f"{self.name.removeprefix(STAFF)}.png"
        return FOLDER / f"{self.name}.png"


def upload(page):
    """Hand in the sample form and wait for its preview."""
    page.set_input_files("input[type=file]", SAMPLE)
    page.locator("form:has(input[type=file]) button[type=submit]").first.click()
    page.locator(".portal-run-rows, .portal-row-facts, table").first.wait_for(timeout=120_000)


def first_record(page):
    """Open the record that has waited longest."""
    page.locator("a[href*='/change/']").first.click()


def first_pair(page):
    """Open the likeliest pair side by side."""
    page.get_by_role("link", name="对照").first.click()


PICTURES = (
    Picture("home", "/", window="phone"),
    Picture("me", "/me/", WOMAN, "phone"),
    Picture("points", "/points/", WOMAN, "phone"),
    Picture("home-wide", "/"),
    Picture("home-dark", "/", scheme="dark"),
    Picture("home-en", "/en/"),
    Picture("events", "/events/"),
    Picture("admin", "/admin/", CLERK),
    Picture("staff-queue", "/admin/", CLERK),
    Picture("staff-collect", "/admin/talents/importrun/add/", CLERK),
    Picture("staff-import", "/admin/talents/importrun/add/", CLERK, then=upload),
    Picture("staff-verify", "/admin/talents/talent/", CLERK, then=first_record),
    Picture("staff-compare", "/admin/talents/pair/", CLERK, then=first_pair),
    Picture("staff-trends", "/admin/talents/talent/trends/", CLERK),
)


def browser_path():
    """Return the path of an installed Chromium, or stop with a sentence that says what to do."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise Stop("Chromium is not installed: install it (Debian: apt-get install chromium).")


def sign_in(page, base, login):
    """Sign in by password as a demo person."""
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()
    if "/accounts/login/" in page.url:
        raise Stop(f"{login} could not sign in: is this a portal with demo data?")


def shrink(png):
    """Return the picture with as many colours as fit into `MOST_BYTES`."""
    for colours in (256, 128, 64, 32):
        small = io.BytesIO()
        Image.open(io.BytesIO(png)).convert("RGB").quantize(colours).save(
            small, "PNG", optimize=True
        )
        if small.tell() <= MOST_BYTES:
            break
    return small.getvalue()


def take(browser, base, picture):
    """Open the page as the person named and return its visible part as PNG bytes."""
    context = browser.new_context(
        viewport=PHONE if picture.window == "phone" else DESKTOP,
        color_scheme=picture.scheme,
        device_scale_factor=2 if picture.window == "phone" else 1,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    if picture.login:
        sign_in(page, base, picture.login)
    answer = page.goto(base + picture.path)
    if answer.status != 200:
        raise Stop(f"{picture.path} answered {answer.status}.")
    page.wait_for_load_state("networkidle")
    if picture.then:
        picture.then(page)
        page.wait_for_load_state("networkidle")
    png = page.screenshot()
    context.close()
    return png


def main():
    """Take every picture, or those named, and write them to where they are kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", help="address of the running portal, e.g. http://127.0.0.1:8000")
    parser.add_argument("names", nargs="*", help="only these pictures")
    arguments = parser.parse_args()
    base = arguments.base.rstrip("/")
    try:
        urlopen(f"{base}/healthz", timeout=5).close()  # noqa: S310
    except (URLError, OSError, ValueError):
        raise Stop(f"No portal answers at {base}: start it with `make run`.") from None
    with sync_playwright() as play:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = play.chromium.launch(executable_path=browser_path(), args=flags)
        for picture in PICTURES:
            if arguments.names and picture.name not in arguments.names:
                continue
            content = shrink(take(browser, base, picture))
            picture.file.parent.mkdir(parents=True, exist_ok=True)
            picture.file.write_bytes(content)
            line(f"  {picture.file.relative_to(ROOT)}  {len(content) // 1000} KB")
        browser.close()


if __name__ == "__main__":
    run(main)
