#!/usr/bin/python3
"""Everything that ends: good a second before its end, refused a second after, by the clock of the database and of the programs alike; and
what happens when a clock jumps (T25): nothing is removed early, nothing that has ended comes back."""
import json
import re
import subprocess
import sys
import time
import unittest
import uuid

from world import DAY, FAKETIME, HOUR, MINUTE, Clocked, wait_until  # isort: skip
from photo import jpeg

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://localhost:8443", "Sec-Fetch-Site": "same-origin"}
LINK, IDLE, ABSOLUTE, BIN, STEP = 10 * MINUTE, 12 * HOUR, 7 * DAY, 30 * DAY, 30
SWEEP = 12  # seconds of real time in which a worker sweeps


class Case(unittest.TestCase):
    def setUp(self):
        self.admin = server.sign_in("admin@one.example")
        self.org = self.admin.get("/v1/session").json["org"]["id"]

    def edges(self, what, make, good, seconds, before=1, after=1):
        """`make` begins one thing, `good` says whether it still is: so it has to be shortly before `seconds`, and not shortly after."""
        for shift, wanted in ((-before, True), (after, False)):
            thing = make()
            server.go(seconds + shift)
            with self.subTest(what, shift=shift):
                self.assertEqual(good(thing), wanted)
            shown.append((what, shift))

    def session(self, email="user@one.example"):
        return server.sign_in(email)

    @staticmethod
    def alive(client):
        return client.get("/v1/session").status == 200


class Ends(Case):
    def test_links(self):
        def make():
            return re.search(r"/login/\S+", server.kartei("admin", "login-link", "--org", self.org, "--email", "user@one.example", "--minutes", "10"))[0]

        def good(path):
            return server.client().request("POST", path, b"", FORM).status == 303
        self.edges("login link", make, good, LINK)

    def test_invitations(self):
        def make():
            guest = f"guest-{uuid.uuid4().hex}@one.example"
            return guest, self.session("admin@one.example").post("/v1/invitations", {"email": guest}).json["code"]

        def good(invitation):
            form = f"code={invitation[1]}&email={invitation[0]}&name=Neutral&password=correct+horse+battery+staple"
            return server.client().request("POST", "/sign-in/invitation", form.encode(), FORM).status == 303
        self.edges("invitation", make, good, 7 * DAY)

    def test_sessions(self):
        self.edges("session, idle", self.session, self.alive, IDLE)

        def busy():
            client = self.session()
            for _ in range(int(ABSOLUTE / (IDLE - HOUR))):  # somebody who works day and night
                server.go(IDLE - HOUR)
                self.assertTrue(self.alive(client))
            return client
        self.edges("session, absolute", busy, self.alive, ABSOLUTE - int(ABSOLUTE / (IDLE - HOUR)) * (IDLE - HOUR))

    def test_tokens_of_the_api(self):
        def make():
            return self.session().post("/v1/tokens", {"name": "Skript", "scopes": ["contacts:read"], "days": 1}).json["token"]
        self.edges("API token", make, lambda token: server.client().get("/v1/contacts", authorization=f"Bearer {token}").status == 200, DAY)

    def test_support_grants(self):
        n = iter(range(9))

        def make():
            admin = self.session("admin@one.example")
            made = admin.post("/v1/support-grants", {"email": f"hilfe{next(n)}@support.example", "name": "Jo", "hours": 2, "reason": "Ticket 1"}).json
            cookie = uuid.uuid4().hex + "A" * 11
            server.sql("insert into kartei.sessions (org_id, id, user_id, token_hash, expires_at) values "
                       f"('{self.org}', gen_random_uuid(), '{made['user_id']}', sha256('{cookie}'), now() + interval '9 hours')")
            client = server.client()
            client.cookie = f"__Host-kartei={cookie}"
            return client
        self.edges("support grant", make, self.alive, 2 * HOUR)

    def test_steps_of_an_authenticator(self):
        """The code of this step and of no other; once."""
        client = self.session("second@one.example")
        seed = client.post("/v1/second-factor/enrolment").json["secret"].replace(" ", "")
        self.assertEqual(client.post("/v1/second-factor/confirmation", {"code": self.code(seed, 0)}).status, 200)
        taken = {}
        for shift in (-90, -60, -30, 0, 30, 60):
            server.go(HOUR)  # no limit answers instead
            server.go(STEP - server.now.second % STEP)  # the first second of a step
            client = self.session_pending()
            code = self.code(seed, shift)
            taken[shift] = client.request("POST", "/sign-in/second-factor", f"code={code}".encode(), FORM).status == 303
            if taken[shift]:
                again = self.session_pending()
                self.assertNotEqual(again.request("POST", "/sign-in/second-factor", f"code={code}".encode(), FORM).status, 303, "the same step once more")
        self.assertEqual([shift for shift, good in taken.items() if good], [0])
        shown.append(("authenticator step", taken))

    def session_pending(self):
        client = server.client()
        answer = client.request("POST", "/sign-in", f"email=second%40one.example&password={server.seed['password'].replace(' ', '+')}".encode(), FORM)
        client.cookie = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])
        return client

    @staticmethod
    def code(seed, shift):
        at = server.now.strftime("%Y-%m-%d %H:%M:%S UTC")
        at = subprocess.run(["date", "-u", "-d", f"{at} {shift:+d} seconds", "+%Y-%m-%d %H:%M:%S UTC"], check=True, capture_output=True, text=True).stdout.strip()
        return subprocess.run(["oathtool", "--totp", "-b", "-N", at, seed], check=True, capture_output=True, text=True).stdout.strip()

    def test_certificates_are_warned_of_a_month_before(self):
        def said():
            return [one["level"] for one in self.session("admin@one.example").get("/v1/warnings").json["items"] if one["kind"] == "certificate-ends"]
        (server.folder / "tls").mkdir(exist_ok=True)
        levels = []
        for left in (BIN + HOUR, BIN - HOUR, 7 * DAY - HOUR, 1, -1):
            end = server.now.timestamp() + left
            (server.folder / "tls/ends").write_text(subprocess.run(["date", "-u", "-d", f"@{int(end)}", "+%Y-%m-%dT%H:%M:%SZ"], check=True, capture_output=True, text=True,
                                                                   env={"TZ": "UTC"}).stdout)
            levels.append(said())
        self.assertEqual(levels, [[], ["warning"], ["critical"], ["critical"], ["critical"]])
        shown.append(("certificate", levels))


class Bin(Case):
    def bin(self, kind="contacts"):
        if kind == "contacts":
            made = self.session().post("/v1/contacts", {"contact": {"family_name": "Muster", "given_name": "Anna"}}).json["id"]
        else:
            made = self.session().request("POST", "/v1/scans", jpeg(server.now.timestamp()), {"Content-Type": "image/jpeg", "Idempotency-Key": str(uuid.uuid4())}).json["id"]
            server.tool("work")
        path = f"/v1/{kind}/{made}"
        client = self.session()
        self.assertEqual(client.delete(path, if_match=client.get(path).headers["ETag"]).status, 204)
        return path

    def restored(self, path):
        return self.session().post(f"{path}/restore").status == 200

    def test_what_lies_in_the_bin_comes_back_for_thirty_days(self):
        for kind in ("contacts", "scans"):
            self.edges(f"{kind} in the bin", lambda kind=kind: self.bin(kind), self.restored, BIN, before=5)

    def there(self, path):
        table, row = path.split("/")[2:4]
        return server.sql(f"select count(*) from kartei.{table} where id = '{row}'") == "1"

    def test_the_purge_takes_what_is_thirty_days_old_and_nothing_when_a_clock_has_jumped(self):
        early = self.bin()
        server.go(10)
        late = self.bin()
        server.go(BIN - 10 + 1)  # the first is a second over, the other nine seconds short
        worker = server.worker()
        wait_until(lambda: not self.there(early), 60)
        self.assertTrue(self.there(late), "nine seconds too early")
        server.go(9 + 1)
        wait_until(lambda: not self.there(late), 60)
        self.assertFalse(self.restored(late))
        # The same worker, and a clock that jumps by forty days, by a day back, by an hour: nothing is removed for a day.
        fresh = self.bin()
        server.go(40 * DAY)
        time.sleep(SWEEP)
        self.assertTrue(self.there(fresh), "forty days by a jump are no age")
        server.go(-40 * DAY)
        self.assertTrue(self.restored(fresh), "and after the jump back it is there")
        worker.terminate()
        worker.wait(30)
        shown.append(("purge", "30 d + 1 s taken, 30 d - 9 s kept, jump of 40 d kept"))


class Jumps(Case):
    def test_what_was_found_to_have_ended_does_not_come_back(self):
        for jump in (IDLE + 1, 40 * DAY):
            client = self.session()
            server.go(jump)
            self.assertFalse(self.alive(client))
            server.go(-jump)
            self.assertFalse(self.alive(client), f"a session that {jump} s ended is revived by a clock that goes back")
        shown.append(("session after a jump forth and back", "refused"))

    def test_a_jump_of_an_hour_or_a_day_back_costs_nobody_anything(self):
        client = self.session()
        for jump in (HOUR, -DAY, DAY, 2 * 3600):  # also Europe's change of clocks, which is none for us
            server.go(jump)
            self.assertTrue(self.alive(client), jump)
        self.assertEqual(client.post("/v1/contacts", {"contact": {"family_name": "Nach"}}).status, 201)

    def test_jobs_are_done_once_over_jumps(self):
        made = []
        for jump in (0, HOUR, -DAY, DAY):
            client = self.session()
            made.append(client.post("/v1/contacts", {"contact": {"family_name": f"Sprung{len(made)}"}}).json["id"])
            server.go(jump)
        server.go(HOUR)
        server.tool("work")
        ids = ", ".join(f"'{one}'" for one in made)
        self.assertEqual(server.sql(f"select string_agg(state || n, ' ') from (select state, count(*) n from kartei.jobs where subject_id in ({ids}) group by state) j"), "done4")
        shown.append(("jobs over jumps", "done once each"))


if __name__ == "__main__":
    if not FAKETIME.exists():
        print("faketime is not installed")
        sys.exit(77)
    shown = []
    with Clocked() as server:
        outcome = unittest.main(exit=False).result
    print(json.dumps({"shown": [list(map(str, one)) for one in shown]}))
    sys.exit(not outcome.wasSuccessful())
