#!/usr/bin/python3
"""pull.py [--kills N] [--seed S]: kill -9 of the worker in the middle of pulls.

A real kartei-worker pulls from the fake Pipedrive (pages of 500 by cursor) and from a real Radicale (pages by name), and is
killed at random moments. Each record is in the mirror once; no more pages were asked for than the kills cost; the next pull asks only for what changed since; and a person could see it come on. KARTEI_BUILD
names the build.
"""
import argparse
import os
import pathlib
import random
import signal
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / part) for part in ("contract", "servers", "http", "bench")]
from fakes.pipedrive import MARKER, TITLE, V2  # noqa: E402
from peers import CarddavPeer  # noqa: E402
from pull_bench import HOST, PAGE, PageServer, Watched, person  # noqa: E402
from server import Server  # noqa: E402
from servers import Radicale  # noqa: E402

LOOK = 0.03  # seconds between two looks of who waits for it
LEASE_OVER = "update kartei.jobs set locked_until = now() where state = 'running'; update kartei.jobs set run_at = now() where state = 'queued'"


class Storm:
    def __init__(self, server, client, dice):
        self.server, self.client, self.dice, self.worker = server, client, dice, None

    def pull(self, wish, kills, step):
        """Until it is complete; what a person saw of it meanwhile, and how often the worker was killed."""
        made = self.client.post("/v1/connections", {**wish, "policy": "read"})
        assert made.status == 201, made.data
        path, seen, killed, begun = f"/v1/connections/{made.json['id']}", [], 0, time.monotonic()
        kill_at = begun + self.dice.uniform(step, 4 * step)
        while True:
            self.keep_working()
            now = self.client.get(path).json
            if now["pulled_at"]:
                assert now["pulling"] is None, now
                return path, now, seen, killed
            assert time.monotonic() < begun + 240, (now, seen)
            if now["pulling"]:
                seen.append((now["pulling"]["records"], now["pulling"]["of"]))
            time.sleep(LOOK)
            if killed < kills and time.monotonic() > kill_at:
                self.worker.send_signal(signal.SIGKILL)
                self.worker.wait()
                killed += 1
                kill_at = time.monotonic() + self.dice.uniform(step, 4 * step)

    def keep_working(self):
        """Another worker after one that was killed; one that ended by itself is a fault, which another one would hide."""
        if self.worker and self.worker.poll() is None:
            return
        assert not self.worker or self.worker.returncode == -signal.SIGKILL, f"the worker ended by itself: {self.worker.returncode}"
        self.server.sql(LEASE_OVER)
        self.worker = self.server.start("worker", self.server.build / "services/kartei-worker")

    def again(self, path):
        """A pull more, to its end."""
        self.keep_working()
        before = self.client.get(path).json["pulled_at"]
        assert self.client.post(path + "/pull").status == 202
        end = time.monotonic() + 60
        while self.client.get(path).json["pulled_at"] == before:
            assert time.monotonic() < end
            time.sleep(0.1)

    def count(self, path):
        """Rows of the mirror, and how many records they are."""
        where = f"connection_id = '{path.rsplit('/', 1)[1]}' and deleted_at is null"
        rows, records = self.server.sql(f"select count(*), count(distinct remote_hash) from kartei.records where {where}").split("|")
        return int(rows), int(records)


def watched(seen, total):
    """What a person saw never went back and never said more than there is."""
    counts = [n for n, _ in seen]
    assert counts == sorted(counts) and all(n <= total for n in counts), seen
    assert len(set(counts)) >= 2, f"a pull that nobody could follow: {seen}"


def judge(rows, distinct, wanted, pages, asked, killed):
    """What is wrong with a mirror of so many rows for so many records after so many requests and kills, or None."""
    if distinct < wanted:
        return f"{wanted - distinct} records were lost"
    if rows != distinct or rows > wanted:
        return f"{rows} rows for {wanted} records"
    return f"{asked} requests for {pages} pages and {killed} kills: it began again" if asked > pages + 2 * killed + 1 else None


def test_the_judge():
    assert judge(9, 9, 10, 3, 3, 0) and judge(11, 10, 10, 3, 3, 0) and judge(11, 11, 10, 3, 3, 0) and judge(10, 10, 10, 3, 9, 2)
    assert not judge(10, 10, 10, 3, 7, 2)


def convict(sentence):
    if sentence:
        raise AssertionError(sentence)


def found(storm, numbers):
    """Each of these people is a candidate once."""
    for number in numbers:
        one = person(number)
        given, _, family = one["name"].partition(" ")
        card = {"given_name": given, "family_name": family, "emails": [{"value": one["emails"][0]["value"], "kind": "work"}]}
        made = storm.client.post("/v1/contacts", {"contact": card}).json
        end = time.monotonic() + 60
        while storm.client.get(f"/v1/contacts/{made['id']}").json["state"] != "matched":
            assert time.monotonic() < end
            time.sleep(0.1)
        rows = storm.client.get(f"/v1/contacts/{made['id']}/candidates").json["items"]
        assert [row["remote_id"] for row in rows if row["band"] == "obvious"].count(str(number + 1)) == 1, (one, rows)


def pipedrive(storm, crm, records, kills):
    settings = {"grant": "key", "url": f"http://{HOST}:{crm.port}", "marker_field": MARKER, "job_title_field": TITLE}
    path, now, seen, killed = storm.pull({"kind": "pipedrive", "name": "Storm", "settings": settings, "secret": {"api_token": crm.api_token}}, kills, 0.25)
    asked = [line for line in crm.asked if line.startswith(f"{V2}/persons?") and "updated_since" not in line]
    pages = -(-records // PAGE)
    convict(judge(*storm.count(path), records, pages, len(asked), killed))
    assert now["records"] == records, now
    watched(seen, records)
    found(storm, (0, PAGE - 1, PAGE, records - 1))
    crm.asked.clear()
    storm.again(path)
    asked = [line for line in crm.asked if line.startswith(f"{V2}/persons?")]
    assert asked and all("updated_since" in line for line in asked), asked
    return {"records": records, "pages": pages, "kills": killed, "steps seen": len(set(seen))}


def carddav(storm, peer, records, kills):
    peer.add_many(records)
    path, now, seen, killed = storm.pull({"kind": "carddav", "name": "Buch", "settings": peer.settings(), "secret": peer.secret()}, kills, 0.15)
    convict(judge(*storm.count(path), records, 0, 0, killed))
    assert now["records"] == records, now
    watched(seen, records)
    assert {of for _, of in seen} == {records}, f"the server says how many there are: {seen}"
    peer.put("neu.vcf", "BEGIN:VCARD\nVERSION:3.0\nUID:neu\nFN:Ida Neu\nN:Neu;Ida;;;\nEND:VCARD\n")
    peer.delete("many-0007.vcf")
    storm.again(path)
    assert storm.count(path) == (records, records)
    return {"records": records, "kills": killed, "steps seen": len(set(seen))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=6, help="of each pull")
    parser.add_argument("--records", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("KARTEI_SEED", 1)))
    given = parser.parse_args()
    test_the_judge()
    dice = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="kartei-pull-") as folder:
        pathlib.Path(folder).chmod(0o755)
        crm = PageServer(folder + "/crm", given.records, 0.25)
        crm.start()
        crm.server.RequestHandlerClass = Watched
        book = Radicale(folder + "/book") if not Radicale.missing() else None
        try:
            ports = [crm.port]
            if book:
                book.start()
                ports.append(book.port)
            allowed = ",".join(f"{HOST}:{port}" for port in ports)
            with Server(settings={"KARTEI_EGRESS_ALLOW_PRIVATE": allowed}) as server:
                storm = Storm(server, server.sign_in("admin@one.example"), dice)
                print("pipedrive:", pipedrive(storm, crm, given.records, given.kills))
                if book:
                    print("radicale:", carddav(storm, CarddavPeer(book, book.port), 900, given.kills))
        finally:
            crm.stop()
            if book:
                book.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
