"""What the role matrix asks about: two organisations with one of everything, and everybody who may ask.

Every text of an organisation carries its own word, so that a byte that crosses over is seen wherever it lands.
"""
import re
import secrets
import uuid

from photo import jpeg

WORDS = {"one": "Einskanari", "two": "Zweikanari"}
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROLES = {"editor": "user", "reader": "user", "reporter": "reporter", "curator": "template_curator",
         "manager": "template_manager", "suspended": "user"}
# One column of the matrix each. "owner" is a plain user to whom everything belongs; editor and reader are members of the shared list.
CALLERS = ("admin", "owner", "editor", "reader", "second", "reporter", "curator", "manager", "support", "content", "other",
           "none", "expired", "suspended", "t-fits", "t-other", "t-over", "t-gone")
# Tables that hold what belongs to an organisation and that nobody but its own people may change.
KEPT = ("users", "lists", "list_members", "fairs", "scans", "cards", "contacts", "contact_versions", "candidates", "previews", "write_backs",
        "connections", "records", "matching_rules", "mailboxes", "mappings", "mapping_drafts", "exports", "export_entries", "match_sets",
        "support_grants", "subject_requests", "alerts", "duplicate_pairs", "batches", "batch_items", "contact_desk", "contact_presence", "egress_hosts", "identity_providers",
        "sign_up_domains", "invitations")


def person(word, given="Anna"):
    return {"given_name": given, "family_name": word, "organization": f"{word} GmbH",
            "emails": [{"value": f"{given.lower()}@{word.lower()}.example", "kind": "work"}]}


class Organisation:
    """People and objects of one organisation. `owner` makes them, `admin` what needs an administrator."""

    def __init__(self, world, name, admin, owner):
        self.world, self.word, self.admin, self.owner = world, WORDS[name], admin, owner
        self.id = admin.get("/v1/session").json["org"]["id"]
        self.made = {}

    def made_list(self, title, members=()):
        answer = self.owner.post("/v1/lists", {"name": f"{title} {self.word}",
                                               "members": [{"user_id": user, "right": right} for user, right in members]})
        assert answer.status == 201, answer.data
        return answer.json["id"]

    def fill(self, members=()):
        made = self.made
        shared, private, made["lists/gone"] = self.made_list("Messe", members), self.made_list("Privat"), str(uuid.uuid4())
        made["lists"], made["lists/private"] = shared, private
        for place, list_ in (("", shared), ("/private", private)):
            fair = self.owner.post("/v1/fairs", {"name": f"Fair {self.word}", "tag": self.word, "list_id": list_, "legal_basis": "consent"})
            assert fair.status == 201, fair.data
            made["fairs" + place] = fair.json["id"]
            self.fill_list(place, list_)
            self.world.server.sql(f"update kartei.contacts set fair_id = '{fair.json['id']}' where list_id = '{list_}'")
        made.update({"inbox" + kind[len("contacts"):]: id for kind, id in list(made.items()) if kind.startswith("contacts")})
        made["connections"] = next(one["id"] for one in self.owner.get("/v1/connections").json["items"] if one["kind"] == "address_book")
        made["users"] = self.owner.get("/v1/session").json["user"]["id"]
        mailbox = self.owner.post("/v1/mailboxes", {"kind": "google_mail", "secret": {}, "settings": {
            "address": f"user@{self.word.lower()}.example", "client_id": "app"}})
        assert mailbox.status == 201, mailbox.data
        made["mailboxes"] = mailbox.json["id"]
        made["tokens"] = self.owner.post("/v1/tokens", {"name": f"Skript {self.word}", "scopes": ["contacts:read"], "days": 3}).json["id"]
        made["rules"] = self.admin.post("/v1/rules", {"obvious": 0.98}).json["id"]
        self.fill_export()
        grant = self.admin.post("/v1/support-grants", {"email": f"support@{self.word.lower()}.example", "name": f"Jo {self.word}",
                                                       "reason": f"Ticket {self.word}", "hours": 5})
        assert grant.status == 201, grant.data
        made["support-grants"] = grant.json["id"]
        asked = self.admin.post("/v1/subject-requests", {"kind": "erasure", "subject": {"name": f"Anna {self.word}"}})
        assert asked.status == 201, asked.data
        made["subject-requests"] = asked.json["id"]
        made["identity-providers"] = self.admin.post("/v1/identity-providers", {
            "kind": "google", "settings": {"name": f"Google {self.word}"}}).json["id"]
        made["sign-up-domains"] = self.admin.post("/v1/sign-up-domains", {"domain": f"{self.word.lower()}.example"}).json["id"]
        made["invitations"] = self.admin.post("/v1/invitations", {"email": f"gast@{self.word.lower()}.example"}).json["id"]
        made["sessions"] = str(uuid.uuid4())
        made["warnings"] = self.admin.get("/v1/warnings").json["items"][0]["id"]
        made["alerts"] = self.world.server.sql(
            "insert into kartei.alerts (org_id, id, kind, culprit_hash, user_id, amount, first_seq, last_seq, first_at, last_at) "
            f"select org_id, gen_random_uuid(), 'guessing', 'x', id, 12, 1, 1, now(), now() from kartei.users where id = '{made['users']}' "
            "returning id")
        made["batches"] = self.world.server.sql(
            "insert into kartei.batches (org_id, id, connection_id, user_id, state) "
            f"select org_id, gen_random_uuid(), id, '{made['users']}', 'sampling' from kartei.connections where id = '{made['connections']}' returning id")
        self.remember()
        return self

    def fill_list(self, place, list_):
        """A scan, a contact with candidate, preview and write-back, and the same in the bin."""
        owner, made = self.owner, self.made
        for bin_ in ("", "/binned"):
            kind = place + bin_
            scan = owner.request("POST", f"/v1/scans?list={list_}", jpeg(sum(map(ord, self.word + kind))),
                                 {"Content-Type": "image/jpeg", "Idempotency-Key": str(uuid.uuid4())}).json
            made["scans" + kind], made["jobs" + kind] = scan["id"], scan["job_id"]
            contact = owner.post("/v1/contacts", {"contact": person(self.word, "Anna" if not kind else "Berta"), "list_id": list_}).json
            made["contacts" + kind] = contact["id"]
            self.write(kind, contact)
            self.world.server.tool("work")
            twin = owner.post("/v1/contacts", {"contact": person(self.word, "Anna" if not kind else "Berta"), "list_id": list_}).json
            self.world.server.tool("work")
            candidates = owner.get(f"/v1/contacts/{twin['id']}/candidates").json["items"]
            assert candidates, "the second contact has no candidate"
            made["candidates" + kind], made["records" + kind] = candidates[0]["id"], candidates[0]["record_id"]
            if bin_:
                for path in (f"/v1/scans/{scan['id']}", f"/v1/contacts/{contact['id']}", f"/v1/contacts/{twin['id']}"):
                    answer = owner.delete(path, if_match=owner.get(path).headers["ETag"])
                    assert answer.status == 204, answer.data

    def write(self, kind, contact, connection=None):
        connection = connection or self.owner.get("/v1/connections").json["items"][0]["id"]
        plan = {"contact_id": contact["id"], "contact_version": contact["version"], "connection_id": connection, "choices": []}
        self.made["previews" + kind] = self.owner.post("/v1/previews", plan).json["id"]
        preview = self.owner.post("/v1/previews", plan)
        answer = self.owner.post("/v1/write-backs", {"preview_id": preview.json["id"]}, if_match=f'"v{contact["version"]}"')
        assert answer.status == 202, answer.data
        self.made["write-backs" + kind] = answer.json["id"]

    def fill_export(self):
        """A connection by file and a file of it."""
        drop = self.admin.post("/v1/connections", {"kind": "file_drop", "name": f"Datei {self.word}", "settings": {}, "secret": {}})
        self.made["drops"] = drop.json["id"]
        contact = self.admin.post("/v1/contacts", {"contact": person(self.word, "Carla")}).json
        preview = self.admin.post("/v1/previews", {"contact_id": contact["id"], "contact_version": contact["version"],
                                                   "connection_id": self.made["drops"], "choices": []}).json
        self.admin.post("/v1/write-backs", {"preview_id": preview["id"]}, if_match=f'"v{contact["version"]}"')
        self.world.server.tool("work")
        rows = "".join(f"Erika {self.word},{name}@{self.word.lower()}.example,+49171234567\n" for name in ("erika", "ez"))
        self.admin.post(f"/v1/connections/{self.made['drops']}/imports", {"text": "Name,Email,Mobile\n" + rows})
        assert self.admin.post("/v1/duplicate-searches").status == 202
        self.world.server.tool("work")
        self.made["duplicates"] = self.admin.get("/v1/duplicates").json["items"][0]["pairs"][0]["id"]
        self.made["exports"] = self.admin.post(f"/v1/connections/{self.made['drops']}/exports").json["id"]

    def remember(self):
        """Every id that the organisation has, and how its rows look now."""
        ids = " union ".join(f"select id::text from kartei.{table} where org_id = '{self.id}'"
                             for table in ("users", "lists", "scans", "contacts", "candidates", "previews", "write_backs", "connections",
                                           "records", "jobs", "matching_rules", "support_grants", "subject_requests", "api_tokens", "blobs", "identity_providers", "duplicate_pairs", "batches", "fairs",
                                           "sign_up_domains", "invitations"))
        self.ids = set(self.world.server.sql(ids).encode().split()) | {self.id.encode()}
        self.rows = self.look()

    def look(self):
        parts = " union all ".join(f"select '{table}', md5(coalesce(string_agg(t::text, '|' order by t::text), '')) "
                                   f"from kartei.{table} t where org_id = '{self.id}'" for table in self.world.tables)
        return dict(line.split("|") for line in self.world.server.sql(parts).splitlines())

    def foreign_bytes(self, data, said):
        """What of this organisation stands in an answer to a stranger, but what the stranger said himself."""
        found = [self.word] if self.word.lower().encode() in data.lower() else []
        return found + [one.decode() for one in set(UUID.findall(data)) & self.ids if one not in said]


class World:
    """Both organisations on a server, and a client for each caller."""

    def __init__(self, server):
        self.server = server
        there = set(server.sql("select relname from pg_class where relnamespace = 'kartei'::regnamespace").split())
        self.tables = [table for table in KEPT if table in there]
        admin = server.sign_in("admin@one.example")
        owner = server.sign_in("user@one.example")
        self.clients = {"admin": admin, "owner": owner, "other": server.sign_in("admin@two.example"), "none": server.client()}
        self.users = {"second": server.seed["second@one.example"],
                      **{name: self.add_user(admin, name, role) for name, role in ROLES.items()}}
        members = [(self.users["editor"], "editor"), (self.users["reader"], "reader")]
        self.one = Organisation(self, "one", admin, owner).fill(members)
        self.two = Organisation(self, "two", self.clients["other"], self.clients["other"]).fill()
        self.people = {"admin": server.seed["admin@one.example"], "owner": server.seed["user@one.example"], **self.users,
                       "support": self.support("configuration"), "content": self.support("content"),
                       "expired": self.users["second"], "other": server.seed["admin@two.example"]}
        self.cookies = {name: secrets.token_urlsafe(32)[:43] for name in self.people}
        self.renew()
        self.enter()
        server.sql(f"update kartei.users set state = 'suspended' where id = '{self.users['suspended']}'")
        self.tokens()
        self.one.remember()

    def add_user(self, admin, name, role):
        answer = admin.post("/v1/users", {"email": f"{name}@one.example", "name": f"{name} {WORDS['one']}", "role": role})
        assert answer.status == 201, answer.data
        return answer.json["id"]

    def support(self, area):
        answer = self.clients["admin"].post("/v1/support-grants", {"email": f"{area}@support.example", "name": area, "hours": 5,
                                                                   "reason": f"Ticket {WORDS['one']}", "area": area})
        assert answer.status == 201, answer.data
        return answer.json["user_id"]

    def renew(self):
        """Everybody is signed in, and the sessions that are asked about are there, whatever has happened before."""
        rows = [f"('{user}', gen_random_uuid(), '{self.cookies[name]}', interval '{'-1 second' if name == 'expired' else '1 hour'}')"
                for name, user in self.people.items()]
        rows += [f"('{one.made['users']}', '{one.made['sessions']}', '{one.made['sessions']}', interval '1 hour')" for one in (self.one, self.two)]
        self.server.sql(f"""insert into kartei.sessions (org_id, id, user_id, token_hash, expires_at)
          select u.org_id, v.id::uuid, u.id, sha256(v.cookie::bytea), now() + v.life from (values {", ".join(rows)}) v (who, id, cookie, life)
          join kartei.users u on u.id = v.who::uuid on conflict do nothing""")

    def enter(self):
        for name, cookie in self.cookies.items():
            client = self.clients[name] = self.server.client()
            client.cookie = f"__Host-kartei={cookie}"
            answer = client.get("/v1/session")
            client.csrf = answer.json["csrf"] if answer.status == 200 else "x"

    def tokens(self):
        """Tokens of the owner: one that fits, one for something else, one that says more than its person may, one revoked."""
        usable = [one["scope"] for one in self.clients["owner"].get("/v1/scopes").json["items"] if one["usable"]]
        made = {name: self.add_token(scopes) for name, scopes in {
            "t-fits": usable, "t-over": ["events:read"], "t-gone": usable, "t-other": ["events:read"],
            "t-other/event": ["lists:read"]}.items()}
        self.server.sql(f"update kartei.api_tokens set scopes = 'admin:*' where id = '{made['t-over']['id']}'")
        self.clients["owner"].delete(f"/v1/tokens/{made['t-gone']['id']}")
        self.bearers = {name: token["token"] for name, token in made.items()}

    def add_token(self, scopes):
        answer = self.clients["owner"].post("/v1/tokens", {"name": f"Skript {WORDS['one']}", "scopes": scopes, "days": 3})
        assert answer.status == 201, answer.data
        return answer.json

    def asker(self, caller, scope):
        """The client of a caller, with its token where it comes with one."""
        if not caller.startswith("t-"):
            return self.clients[caller], {}
        name = "t-other/event" if caller == "t-other" and scope == "events:read" else caller
        return self.clients["none"], {"Authorization": f"Bearer {self.bearers[name]}"}
