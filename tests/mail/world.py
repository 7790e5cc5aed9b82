"""A whole private Kartei beside real mail servers: what the tests of this folder share."""
import os
import pathlib
import shutil
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "lib"), str(TESTS / "servers")]
import instance  # noqa: E402
from mail_servers import Dovecot  # noqa: E402

SKIPPED = 77


def wait_for(what, seconds=30, every=0.1):
    """With the patience of these tests."""
    return instance.wait_for(what, seconds, every)


class World:
    """kartei: the instance; mail: Dovecot; anna: a signed-in user with a list of her own."""

    def __init__(self, environment=None, allow=(), authorities=""):
        if why := Dovecot.missing():
            print(why)
            sys.exit(SKIPPED)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kartei-mail-"))
        self.folder.chmod(0o755)
        self.mail = Dovecot(self.folder / "dovecot")
        self.environment, self.allow, self.authorities = environment or {}, allow, authorities  # of other private servers: "host:port", PEM

    def __enter__(self):
        self.mail.__enter__()
        allow = ",".join([*(f"localhost:{port}" for port in (self.mail.imaps, self.mail.starttls)), *self.allow])
        (self.folder / "ca.pem").write_text(self.mail.ca.read_text() + self.authorities)
        self.kartei = instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": allow, "KARTEI_CA_FILE": str(self.folder / "ca.pem"),
                                                     **self.environment})
        try:
            self.kartei.__enter__()
        except BaseException:
            self.mail.stop()
            raise
        self.admin = self.kartei.sign_in()
        self.anna = self.kartei.sign_in("anna@kartei.example", "user")
        self.list = self.anna.post("/v1/lists", {"name": "Aus Mails"})[2]["id"]
        return self

    def __exit__(self, *_):
        self.kartei.__exit__()
        self.mail.stop()
        if not os.environ.get("KARTEI_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def form(self, **settings):
        """What POST /v1/mailboxes takes; `settings` over what is right."""
        return {"kind": "imap", "list_id": self.list, "secret": {"password": "secret-1"},
                "settings": {"address": "anna@test.example", "host": "localhost", "port": str(self.mail.imaps), "security": "tls",
                             **settings}}

    def connect(self, **more):
        status, _, mailbox = self.anna.post("/v1/mailboxes", {**self.form(), **more})
        assert status == 201, mailbox
        wait_for(lambda: self.get(mailbox)["checked_at"] and self.get(mailbox)["watching"])
        return mailbox

    def get(self, mailbox):
        return self.anna.insist("GET", f"/v1/mailboxes/{mailbox['id']}")[2]

    def change(self, mailbox, **what):
        status, _, changed = self.anna.request("PATCH", f"/v1/mailboxes/{mailbox['id']}", what,
                                               {"If-Match": f'"v{self.get(mailbox)["version"]}"'})
        assert status == 200, changed
        return changed

    def contacts(self, client=None):
        found, path = [], "/v1/contacts?limit=200"
        while path:
            page = (client or self.anna).get(path)[2]
            found += page["items"]
            path = page.get("links", {}).get("next")
        return found

    def looked(self, mailbox, n, seconds=60):
        """Waits until n mails have been looked at or passed over."""
        def there():
            now = self.get(mailbox)
            return now if now["looked"] + now["header_only"] >= n else None
        return wait_for(there, seconds)
