"""Somebody at a screen: a browser of her own, every page looked at by axe at both sizes."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import expect

from accounts.sessions import SessionStore

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# unfold's scroll boxes all call themselves "scrollable content".
NOT_OURS = "simplebar-content-wrapper"
IMPACTS = ("minor", "moderate", "serious", "critical")


class Person:
    """A browser of one's own, on one screen size; looks at every page with axe at both sizes."""

    def __init__(self, browser, base, size, errors):
        self.base, self.size = base, size
        self.page = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=base
        ).new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: errors.append(f"{self.page.url}: {error}"))

    def sign_in(self, user):
        """Open a session as `user`, as a signed-in browser has it."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}
        self.page.context.add_cookies([cookie | {"url": self.base}])
        return self

    def go(self, path, least="serious"):
        """Open a page, which must answer 200, and look at it; `least` is the impact that fails it."""
        answer = self.page.goto(path)
        assert answer.status == 200, path
        self.look(least)
        return self.page

    def look(self, least="serious"):
        """Fail on a finding of axe of at least this impact, or on a page wider than the screen, at either size."""
        failing = IMPACTS[IMPACTS.index(least) :]
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            found = [
                f"{size['width']} px {self.page.url} {v['id']}: {v['help']} {v['nodes'][0]['html'][:150]} "
                f"{v['nodes'][0].get('failureSummary')}"
                for v in Axe().run(self.page).response["violations"]
                if v["impact"] in failing and NOT_OURS not in v["nodes"][0]["html"]
            ]
            assert found == [], found
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{self.page.url} is {wide} px wide at {size['width']}"
        self.page.set_viewport_size(self.size)

    def press(self, name, role="button"):
        """Press the button (or link) with this name and look at what comes."""
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.look()

    def sees(self, text):
        """Expect the text on the page."""
        expect(self.page.locator("main, #main, body").first).to_contain_text(text)
