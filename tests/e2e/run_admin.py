#!/usr/bin/python3
"""run_admin.py [FILE.mjs…]: an administrator's bad days in the browser. A private instance beside a CRM with a consent page of its own, a
fake Microsoft with mail, and a desk where the browser's test says what happens out there: somebody revokes the app, a mail arrives, the
night's backup is made and comes back. Ends with 77, aloud, where Chromium, Node or the packages of tests/e2e are missing.
"""
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path[:0] = [str(TESTS / name) for name in ("lib", "contract", "mail", "oauth", "deploy")]
import instance  # noqa: E402
import run_e2e  # noqa: E402
from canary import Search  # noqa: E402
from fakes.dynamics import Dynamics, DynamicsPeer  # noqa: E402
from fakes.salesforce import Salesforce  # noqa: E402
from graph import Graph  # noqa: E402
from mails import PLACES, canary, mail, person  # noqa: E402
from provider import CLIENT, SECRET, Provider  # noqa: E402

PROGRAMS = {"kartei": "services/kartei", "kartei-parse": "services/kartei-parse", "kartei-api": "tests/e2e/here_api", "kartei-worker": "tests/e2e/here_worker"}


def install(folder):
    """A build folder whose programs know the CRM on loopback (crms_here.c)."""
    build = pathlib.Path(folder)
    (build / "services").mkdir()
    (build / "web").symlink_to(instance.BUILD / "web")
    (build / "services/demo.ndjson").symlink_to(instance.BUILD / "services/demo.ndjson")
    for name, program in PROGRAMS.items():
        shutil.copy(instance.BUILD / program, build / "services" / name)
    for path in (build, build / "services"):
        path.chmod(0o755)
    return build


class Crm(Dynamics):
    """Dynamics 365 whose bearer tokens come from a consent at the same address."""

    def __init__(self, folder):
        super().__init__(folder)
        self.provider, self.calls = Provider(), 0

    def respond(self, request):
        if request.path in ("/token", "/revoke"):
            return self.provider.answer(request, request.path, request.query, request.form())
        self.calls += 1
        return super().respond(request)

    def authorised(self, request):
        return self.provider.access.get(request.headers.get("Authorization", "").removeprefix("Bearer "), 0) > time.time()


class Org(Salesforce):
    """Salesforce likewise. Field-level security hides one field of contacts and keeps another from being written."""

    def __init__(self, folder):
        super().__init__(folder)
        self.provider = Provider()
        self.hidden, self.read_only = {"Department"}, {"OtherPhone"}

    def respond(self, request):
        if request.path.startswith("/services/oauth2/"):
            return self.provider.answer(request, request.path.removeprefix("/services/oauth2"), request.query, request.form())
        return super().respond(request)

    authorised = Crm.authorised


class Desk:
    """What happens outside of Kartei, by name; every method is an address of its own."""

    def __init__(self, kartei, crm, org, graph, stack):
        self.kartei, self.crm, self.org, self.graph, self.stack = kartei, crm, org, graph, stack

    def consent(self, url):
        """Where the CRM's page sends the browser on to."""
        return self.back(*self.crm.provider.consent(url))

    def consent_org(self, url):
        return self.back(*self.org.provider.consent(url))

    def org_living(self):
        """Names of the people that the org has."""
        return [row["fields"].get("LastName") for row in self.org.contacts.living()]

    def org_calls(self):
        return self.org.calls

    def consent_mail(self, url):
        return self.back(*self.graph.login.consent(url))

    @staticmethod
    def back(address, parameters):
        return f"{address}?{urllib.parse.urlencode(parameters)}"

    def revoke_app(self):
        """An administrator over there throws the app out: no token of it counts any more."""
        provider = self.crm.provider
        with provider.lock:
            provider.access.clear()
            for family in provider.refresh.values():
                family["over"] = True

    def crm_counts(self):
        return {"calls": self.crm.calls, "token": self.crm.provider.counts["token"]}

    def crm_people(self, family):
        return [row["fields"] for row in self.crm.contacts.living() if row["fields"].get("lastname") == family]

    def crm_owner(self, name):
        """All that is there goes to somebody else."""
        self.crm.owner = name

    def crm_writes(self, family):
        """Of the ledger, which is written before an answer leaves: how often such a person was made."""
        lines = (self.crm.folder / "ledger").read_text(encoding="utf-8").splitlines()
        return sum(json.loads(line)["act"] == "create" and json.loads(line)["fields"].get("lastname") == family for line in lines)

    def deliver(self, n):
        self.graph.deliver(mail(n))
        return person(n)

    def held_of_mail(self, n):
        """Files of the whole instance, the database's among them, that hold anything of mail n besides its signature."""
        self.kartei.sql("checkpoint")
        hits, seen = Search({place: canary(n, place) for place in PLACES}).files(self.kartei.folder)
        return {"hits": sorted(map(list, hits)), "bytes": seen}

    def plant(self, n):
        pathlib.Path(self.kartei.folder, "planted.log").write_bytes(canary(n, "quote").encode("utf-16-le"))

    def unplant(self):
        pathlib.Path(self.kartei.folder, "planted.log").unlink()

    def script(self, name, *words, **environment):
        done = subprocess.run([instance.ROOT / "deploy" / name, *map(str, words)], capture_output=True, text=True, timeout=150, check=False,
                              env={**self.kartei.environment, "KARTEI_PROGRAM": str(instance.BUILD / "services/kartei"), "KARTEI_VAR": self.kartei.var, **environment})
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr}")
        return done.stdout

    def backup(self):
        self.night = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="kartei-night-")))
        instance.give_to_service_user(self.night)
        self.script("backup", "--with-key", self.night / "backup")

    def restore(self, erasures):
        """Last night's backup on another machine, with what was erased since or without: where it answers."""
        import place  # knows the programs only now
        new = self.stack.enter_context(place.Place())
        words = ["--erasures", f"{self.kartei.var}/erasures"] if erasures else []
        self.script("restore", *words, self.night / "backup", KARTEI_VAR=str(new.var))
        new.up()
        return {"base": f"https://localhost:{new.port}"}


def serve(desk):
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            arguments = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            try:
                status, said = 200, getattr(desk, self.path.strip("/"))(**arguments)
            except Exception as fault:  # the browser's test says it aloud
                status, said = 500, f"{self.path}: {fault!r}"
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def browse(tests, stack):
    instance.BUILD = install(stack.enter_context(tempfile.TemporaryDirectory(prefix="kartei-here-")))
    crm = Crm(stack.enter_context(tempfile.TemporaryDirectory(prefix="kartei-crm-")))
    crm.start()
    stack.callback(crm.stop)
    peer = DynamicsPeer(crm, crm.port)
    org = Org(stack.enter_context(tempfile.TemporaryDirectory(prefix="kartei-org-")))
    org.start()
    stack.callback(org.stop)
    graph = stack.enter_context(Graph())
    kartei = instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{crm.port},127.0.0.1:{org.port},127.0.0.1:{graph.port}", "KARTEI_LOG_LEVEL": "debug"})
    kartei.environment["KARTEI_NOTIFICATION_URL"] = f"https://localhost:{kartei.port}"
    graph.ca_file = f"{kartei.var}/tls/ca.crt"
    stack.enter_context(kartei)
    admin, anna = kartei.sign_in(), kartei.sign_in("anna@kartei.example", "user")
    config = pathlib.Path(kartei.folder) / "e2e.json"
    config.write_text(json.dumps({
        "base": f"https://localhost:{kartei.port}", "chromium": run_e2e.CHROMIUM, "cookie": admin.cookie, "csrf": admin.csrf, "desk": serve(Desk(kartei, crm, org, graph, stack)),
        "crm": {**peer.settings(), "tenant": "muster.example", "client_id": CLIENT, "client_secret": SECRET},
        "org": {"login": f"http://127.0.0.1:{org.port}", "client_id": CLIENT, "client_secret": SECRET},
        "mail": {**graph.settings(), **graph.secret()}, "anna": {"cookie": anna.cookie, "csrf": anna.csrf}}), encoding="utf-8")
    environment = {**os.environ, "KARTEI_E2E": str(config), "NODE_EXTRA_CA_CERTS": f"{kartei.var}/tls/ca.crt", "NODE_OPTIONS": "--dns-result-order=ipv4first"}
    return [test for test in tests if subprocess.run(["node", test], cwd=HERE, env=environment, timeout=700, check=False).returncode]


def main():
    if run_e2e.missing():
        print("e2e admin skipped: missing " + ", ".join(run_e2e.missing()), file=sys.stderr)
        return 77
    with contextlib.ExitStack() as stack:
        return 1 if browse(sys.argv[1:] or ["admin.test.mjs"], stack) else 0


if __name__ == "__main__":
    sys.exit(main())
