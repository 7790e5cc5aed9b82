"""Whose a record is, and when and by whom it was last changed: it comes along with what is read anyway, and is no part of the version.

A peer says in `tells` which of it the vendor gives in those answers; a fake has the names as `owner` and `changer`.
"""
import datetime


def age(moment):
    return abs((datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))).total_seconds())


class CustodyCases:
    def told(self, record):
        custody = record["custody"]
        self.assertEqual({name for name, text in custody.items() if text}, set(self.peer.tells))
        if "changed_at" in self.peer.tells:
            self.assertLess(age(custody["changed_at"]), 120)
        for name, person in (("owner", "owner"), ("changed_by", "changer")):
            if name in self.peer.tells:
                self.assertEqual(custody[name], getattr(self.server, person))

    def test_owner_and_last_change_come_with_every_way_of_reading(self):
        _, contact, record = self.make()
        self.told(record)
        self.proxy.seen = []
        self.told(self.ok("found", "get", remote_id=record["remote_id"])["records"][0])
        if "owner" in self.peer.tells:
            self.assertEqual(len(self.proxy.seen), 1, "names cost no request of their own")
        self.told(self.ok("found", "find_exact", contact={"emails": contact["emails"][:1]})["records"][0])
        self.told(self.ok("found", "search", text=contact["family_name"])["records"][0])
        self.told(self.pull()[0][record["remote_id"]])
        self.told(self.update(record, {**record["contact"], "job_title": "Leiterin"})["records"][0])

    def test_users_who_are_renamed_change_no_record(self):
        if "owner" not in self.peer.tells:
            self.skipTest("this vendor names nobody with a record")
        _, _, record = self.make()
        for name in ("owner", "changer"):
            self.addCleanup(setattr, self.server, name, getattr(self.server, name))
        self.server.owner, self.server.changer = "Petra Weiß-Keller \"PK\"", "  Ärzte\u00a0Team "
        again = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
        self.assertEqual(again["version"], record["version"])
        self.assertEqual((again["custody"]["owner"], again["custody"]["changed_by"]), ("Petra Weiß-Keller \"PK\"", "Ärzte Team"))
        self.update(record, {**record["contact"], "job_title": "Leiterin"})

    def test_names_that_are_none_are_left_out(self):
        if "owner" not in self.peer.tells:
            self.skipTest("this vendor names nobody with a record")
        _, _, record = self.make()
        for name in ("owner", "changer"):
            self.addCleanup(setattr, self.server, name, getattr(self.server, name))
        self.server.owner, self.server.changer = "x" * 300, None
        custody = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]["custody"]
        self.assertEqual((custody["owner"], custody["changed_by"]), (None, None))
        self.assertTrue(custody["changed_at"])
