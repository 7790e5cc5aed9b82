"""A kartei-api and a kartei-worker over a private PostgreSQL beside a real Postfix and Dovecot: what the tests of sign-in share.

Browsers speak to the socket as the front door does, each from an address of its own and with a cookie jar.
"""
import email
import email.policy
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "http"), str(TESTS / "lib"), str(TESTS / "servers")]
from clocks import FAKETIME, app_code  # noqa: E402
from mail_servers import Dovecot, Postfix  # noqa: E402
from server import ORIGIN, Server, UnixConnection, listens, service_user, wait_until  # noqa: E402

SKIPPED = 77
FORM = "application/x-www-form-urlencoded"
PEOPLE = {"anna@test.example": "secret-1", "bert@test.example": "secret-2", "carl@test.example": "secret-3"}


class Page:
    """One answer as a person sees it."""

    def __init__(self, response, data):
        self.status, self.headers, self.data = response.status, response.headers, data
        self.text = data.decode(errors="replace")

    @property
    def location(self):
        return self.headers.get("Location")


class Browser:
    """Cookies by name, an address, a language; no script."""

    def __init__(self, path, address="198.51.100.7", language="en"):
        self.path, self.address, self.language, self.cookies = path, address, language, {}

    def request(self, method, path, form=None, headers=None):
        sent = {"Host": "localhost:8443", "X-Forwarded-For": self.address, "Accept-Language": self.language, "Accept": "text/html",
                "User-Agent": "Test browser"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if method == "POST":
            body = urllib.parse.urlencode(form or {}).encode()
            sent |= {"Content-Type": FORM, "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        sent |= headers or {}
        connection = UnixConnection(self.path, 60)
        try:
            connection.request(method, path, body, {k: v for k, v in sent.items() if v is not None})
            response = connection.getresponse()
            page = Page(response, response.read())
        finally:
            connection.close()
        for line in page.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return page

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def post(self, path, **form):
        return self.request("POST", path, form)

    @property
    def signed_in(self):
        return self.request("GET", "/v1/session", headers={"Accept": "application/json"}).status == 200


class World:
    def __init__(self, settings=None, people=()):
        """people: further addresses of test.example that have a mailbox."""
        self.people = {**PEOPLE, **{name: f"secret-{name}" for name in people}}
        for server in (Dovecot, Postfix):
            if why := server.missing():
                print(why)
                sys.exit(SKIPPED)
        self.settings = settings or {}

    def __enter__(self):
        self.place = pathlib.Path(subprocess.run(["mktemp", "-d", "/tmp/kartei-sign-in-XXXXXX"], check=True, capture_output=True, text=True).stdout.strip())
        self.place.chmod(0o755)
        self.mail = Dovecot(self.place / "dovecot", users=self.people)
        self.mail.__enter__()
        self.post = Postfix(self.place / "postfix", self.mail)
        self.post.__enter__()
        secret = self.place / "smtp-password"
        secret.write_text("secret-1\n", encoding="utf-8")
        secret.chmod(0o600)
        if user := service_user():
            os.chown(secret, user.pw_uid, user.pw_gid)
        self.server = Server(settings={
            "KARTEI_SMTP_HOST": "localhost", "KARTEI_SMTP_PORT": str(self.post.port), "KARTEI_SMTP_SECURITY": "starttls",
            "KARTEI_SMTP_USER": "anna@test.example", "KARTEI_SMTP_PASSWORD_FILE": str(secret), "KARTEI_SMTP_FROM": "kartei@test.example",
            "KARTEI_EGRESS_ALLOW_PRIVATE": f"localhost:{self.post.port}", "KARTEI_CA_FILE": str(self.mail.ca), **self.settings})
        self.server.__enter__()
        self.start_worker()
        self.admin = self.server.sign_in("admin@one.example")
        return self

    def start_worker(self):
        self.worker = self.server.start("worker", self.server.build / "services/kartei-worker")

    def __exit__(self, *what):
        self.server.__exit__(*what)
        self.post.__exit__()
        self.mail.stop()
        if not os.environ.get("KARTEI_KEEP"):
            subprocess.run(["rm", "-rf", str(self.place)], check=False)

    def user(self, address, **more):
        """A user of the first organisation; its id."""
        answer = self.admin.post("/v1/users", {"email": address, "name": address.split("@")[0].title() + " Tester", "language": "en", **more})
        assert answer.status == 201, answer.data
        return answer.json["id"]

    def browser(self, **more):
        return Browser(self.server.socket, **more)

    def restart_api(self):
        self.server.api.terminate()
        self.server.api.wait(20)
        self.server.start_api()

    def faketime_api(self, shift):
        """The socket of another kartei-api on the same database, whose clock is ahead."""
        path = str(self.server.folder / "run/late.sock")
        # Not by the program of that name: it stays in between, and what it started outlives it.
        self.server.start("late", "env", f"LD_PRELOAD={FAKETIME}", f"FAKETIME={shift}", self.server.build / "services/kartei-api", path)
        wait_until(lambda: listens(path))
        return path

    def fresh_limits(self):
        """As if a day had passed."""
        self.server.sql("delete from kartei.throttles")

    # Mail

    def mails(self, address):
        """All mails of a mailbox, oldest first."""
        client = self.mail.imap(address)
        client.select("INBOX", readonly=True)
        numbers = client.search(None, "ALL")[1][0].split()
        found = [email.message_from_bytes(client.fetch(n, "(RFC822)")[1][0][1], policy=email.policy.default) for n in numbers]
        client.logout()
        return found

    def next_mail(self, address, seen, seconds=30):
        """The mail behind the first `seen`; raises TimeoutError."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            mails = self.mails(address)
            if len(mails) > seen:
                return mails[seen]
            time.sleep(0.1)
        raise TimeoutError((self.server.folder / "worker.log").read_text(errors="replace")[-2000:])

    def ask_link(self, browser, address, path="/sign-in/link", **form):
        """Asks for a link at a page; (its path in the mail, the code that the browser shows)."""
        seen = len(self.mails(address))
        page = browser.post(path, email=address, **form)
        assert page.status == 200, page.text
        code = re.search(r"<code>(\d{3} \d{3})</code>", page.text)[1]
        return link_of(self.next_mail(address, seen)), code


def link_of(mail):
    return re.search(r"/(?:login|confirm)/[\w-]+", mail.get_body(("plain",)).get_content())[0]


__all__ = ["World", "Browser", "Page", "app_code", "link_of", "wait_until", "ORIGIN", "FORM"]
