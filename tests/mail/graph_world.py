"""A whole private Kartei beside a fake Microsoft: what run_graph.py needs."""
import os
import pathlib
import signal
import sys
import urllib.parse
import uuid

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "lib")]
import instance  # noqa: E402
from graph import Graph  # noqa: E402

BROWSER = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site", "accept": "text/html"}


def wait_for(what, seconds=20, every=0.05):
    """With the patience of these tests."""
    return instance.wait_for(what, seconds, every)


class World:
    """kartei: the instance; graph: the fake; anna: a signed-in user with a list of her own."""

    def __init__(self, environment=None):
        self.environment = environment or {}

    def __enter__(self):
        self.graph = Graph().__enter__()
        self.kartei = instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{self.graph.port}", "KARTEI_LOG_LEVEL": "debug",
                                                     **self.environment})
        self.graph.ca_file = f"{self.kartei.var}/tls/ca.crt"
        self.tell_at(f"https://localhost:{self.kartei.port}")
        try:
            self.kartei.__enter__()
        except BaseException:
            self.graph.__exit__()
            raise
        self.admin = self.kartei.sign_in()
        self.anna = self.kartei.sign_in("anna@kartei.example", "user")
        self.list = self.anna.post("/v1/lists", {"name": "Aus Mails"})[2]["id"]
        return self

    def __exit__(self, *_):
        self.kartei.__exit__()
        self.graph.__exit__()

    def tell_at(self, address):
        self.kartei.environment["KARTEI_NOTIFICATION_URL"] = address

    def restart(self):
        """All of it, by the settings as they are now."""
        self.kartei.stop()
        self.kartei.log.close()
        self.kartei.__enter__()
        self.anna.connection = self.admin.connection = None

    def sweep(self):
        """A worker that starts sweeps at once; an old one does so once a minute."""
        before = self.kartei.pid("kartei-worker")
        os.kill(before, signal.SIGTERM)
        wait_for(lambda: self.kartei.pid("kartei-worker") not in (None, before))

    def sql(self, text):
        """The private cluster, past all of our code."""
        return self.kartei.sql(f"set search_path = kartei; {text}")

    # ---- Mailboxes ----

    def create(self, **more):
        settings = more.pop("settings", self.graph.settings())
        status, _, mailbox = self.anna.post("/v1/mailboxes", {"kind": "microsoft", "list_id": self.list, "settings": settings,
                                                              "secret": self.graph.secret(), "excluded": [], **more})
        assert status == 201, mailbox
        return mailbox

    def authorize(self, mailbox):
        """The address of Microsoft's page."""
        status, _, consent = self.anna.request("POST", f"/v1/mailboxes/{mailbox['id']}/authorize")
        assert status == 200, consent
        return consent["url"]

    @staticmethod
    def back(client, answer):
        """The browser arrives at our address with what it was given: (status, page)."""
        address, parameters = answer
        path = f"{urllib.parse.urlsplit(address).path}?{urllib.parse.urlencode(parameters)}"
        status, _, page = client.request("GET", path, headers=BROWSER)
        return status, page.decode()

    def consent(self, mailbox):
        return self.back(self.anna, self.graph.login.consent(self.authorize(mailbox)))

    def connect(self, **more):
        mailbox = self.create(**more)
        status, page = self.consent(mailbox)
        assert status == 200, page
        return mailbox

    def get(self, mailbox, client=None):
        return (client or self.anna).insist("GET", f"/v1/mailboxes/{mailbox['id']}")[2]

    def change(self, mailbox, **what):
        status, _, changed = self.anna.request("PATCH", f"/v1/mailboxes/{mailbox['id']}", what, {"If-Match": f'"v{self.get(mailbox)["version"]}"'})
        assert status == 200, changed
        return changed

    def remove(self, mailbox):
        status, _, said = self.anna.request("DELETE", f"/v1/mailboxes/{mailbox['id']}", None, {"If-Match": f'"v{self.get(mailbox)["version"]}"'})
        assert status == 204, said

    def check(self, mailbox):
        status, _, said = self.anna.insist("POST", f"/v1/mailboxes/{mailbox['id']}/check", headers={"Idempotency-Key": str(uuid.uuid4())})  # we may have just started
        assert status == 202, said

    def named(self, who):
        items = self.anna.get("/v1/contacts?limit=200")[2]["items"]
        return [c for c in items if any(e["value"] == who["email"] for e in c["contact"]["emails"])]

    def idle(self):
        """No job of a mailbox is left."""
        left = "from jobs where kind = 'mail' and state in ('queued', 'running')"
        try:
            wait_for(lambda: self.sql(f"select count(*) {left}") == "0")
        except TimeoutError as late:
            rows = self.sql(f"select state, attempt, problem, run_at - now(), locked_until - now(), lane {left}; select * from connection_calls")
            raise TimeoutError(f"{late}: {rows} {self.graph.wrong} {self.graph.contract.violations} {self.graph.seen[-3:]}") from late

    def looked(self, mailbox, n):
        """Waits until n mails more than `mailbox` says have been looked at or passed over."""
        goal = mailbox["looked"] + mailbox["header_only"] + n

        def there():
            now = self.get(mailbox)
            return now if now["looked"] + now["header_only"] >= goal else None
        return wait_for(there)
