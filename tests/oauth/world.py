"""What the tests of this folder share: a server whose table of CRMs has the test CRM, and the way to the consent and back."""
import json
import pathlib
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from provider import SECRET  # noqa: E402
from server import Server, service_user  # noqa: E402

BROWSER = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site", "accept": "text/html"}


class World(Server):
    program = "tests/oauth/oauth_api"

    def __init__(self, allow, **settings):
        super().__init__(settings={"KARTEI_EGRESS_ALLOW_PRIVATE": ",".join(allow), "KARTEI_LOG_LEVEL": "debug", **settings})
        self.allow, self.psql = allow, None
        self.settings["KARTEI_WEB"] = str(self.build / "web/dist")

    def callers(self, org, connection, processes, threads):
        """Threads of several programs that all use the connection at the same moment: how often each outcome came."""
        user = service_user()
        extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        command = [self.build / "tests/oauth/oauth_callers", self.conninfo("kartei_app"), self.folder / "keys/master.key",
                   self.folder / "blobs", " ".join(self.allow), org, connection, threads]
        running = [subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/", **extra)
                   for _ in range(processes)]
        for one in running:
            assert one.stdout.readline() == "ready\n"
        for one in running:
            one.stdin.write("\n")
            one.stdin.flush()
        outcomes = {}
        for one in running:
            for name, n in json.loads(one.communicate(timeout=60)[0]).items():
                outcomes[name] = outcomes.get(name, 0) + n
        return outcomes

    # The database as a test sees it, past all of our code

    def sql(self, text):
        """The same with one psql for all: a test asks often."""
        if not self.psql:
            user = service_user()
            extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
            self.psql = subprocess.Popen(["psql", "-qXtA", "-v", "ON_ERROR_STOP=1", self.conninfo("super")], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, cwd="/", **extra)
            self.children.append(self.psql)
        self.psql.stdin.write(f"{text};\n\\echo END\n")
        self.psql.stdin.flush()
        lines = []
        while (line := self.psql.stdout.readline()) != "END\n":
            assert line, f"psql ended at {text}"
            lines.append(line)
        return "".join(lines).strip()

    def tokens(self):
        """Connections with tokens."""
        return int(self.sql("select count(*) from kartei.oauth_tokens where access is not null"))

    def expire(self, connection):
        self.sql("update kartei.oauth_tokens set expires_at = now() - interval '1 s', renew_at = now() - interval '1 min' "
                 f"where connection_id = '{connection}'")

    def rest_over(self, connection):
        self.sql(f"update kartei.oauth_tokens set retry_at = now() - interval '1 s' where connection_id = '{connection}'")

    def events(self, connection, state):
        return int(self.sql(f"select count(*) from kartei.events where subject_id = '{connection}' and state = '{state}'"))


def add(client, settings, kind="test_crm", secret=None, name="CRM"):
    """A connection that is not consented to yet."""
    answer = client.post("/v1/connections", {"kind": kind, "name": name, "settings": settings, "policy": "confirm",
                                             "secret": {"client_secret": SECRET} if secret is None else secret})
    assert answer.status == 201, answer.data
    return answer.json


def begin(client, connection):
    """The address of the consent page."""
    answer = client.request("POST", f"/v1/connections/{connection['id']}/authorize")
    assert answer.status == 200, answer.data
    return answer.json["url"]


def back(client, parameters, **headers):
    """The browser arrives: parameters as a dictionary, or a query as it is."""
    query = parameters if isinstance(parameters, str) else urllib.parse.urlencode(parameters)
    return client.request("GET", f"/oauth/callback?{query}", headers={**BROWSER, **headers})


def connect(client, provider, **settings):
    """From the form to tokens."""
    connection = add(client, provider.settings(**settings))
    answer = back(client, provider.consent(begin(client, connection))[1])
    assert answer.status == 200, answer.data
    return client.get(f"/v1/connections/{connection['id']}").json
