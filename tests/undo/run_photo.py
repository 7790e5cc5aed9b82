#!/usr/bin/python3
"""run_photo.py: from a photo of a card to the record, on a real Tryton and a real Radicale, and back.

A whole private instance reads the photo, matches it and writes what the dry run promised; the record is read back by the server's own
interface. Then it is undone, and the server has nothing of it any more. Ends with 77 where neither server is installed.
KARTEI_BUILD names the build.
"""
import os
import pathlib
import sys
import tempfile
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / part) for part in ("lib", "contract", "servers", "chaos")]
import instance  # noqa: E402
import people  # noqa: E402
from peers import CarddavPeer, TrytonPeer  # noqa: E402
from servers import SKIPPED, Radicale, Tryton  # noqa: E402

SIDES = ((Tryton, TrytonPeer), (Radicale, CarddavPeer))


def until(client, path, states, seconds=60):
    end = time.monotonic() + seconds
    while True:
        now = client.insist("GET", path)[2]
        if now["state"] in states:
            return now
        assert time.monotonic() < end, (path, now)
        time.sleep(0.1)


def post(client, path, body, good, **headers):
    status, _, answer = client.post(path, body, **headers)
    assert status == good, (path, status, answer)
    return answer


def photograph(client):
    """A contact that was read from a photo of a card of somebody whom nobody knows."""
    given, family = people.invented(3), people.invented(5)
    scan = client.insist("POST", "/v1/scans", people.draw_card(given, family), {"Content-Type": "image/jpeg", "Idempotency-Key": str(uuid.uuid4())})[2]
    scan = until(client, f"/v1/scans/{scan['id']}", ("read", "failed"))
    assert scan["state"] == "read", scan
    return until(client, f"/v1/contacts/{scan['cards'][0]['contact_id']}", ("matched",)), given, family


def walk(client, peer):
    connection = post(client, "/v1/connections", {"kind": peer.kind, "name": peer.kind, "settings": peer.settings(), "secret": peer.secret(),
                                                  "policy": "confirm"}, 201)
    contact, given, family = photograph(client)
    assert peer.count(family) == 0, "the judge finds what is not there"
    preview = post(client, "/v1/previews", {"contact_id": contact["id"], "contact_version": contact["version"], "connection_id": connection["id"],
                                            "choices": []}, 201)
    written = post(client, "/v1/write-backs", {"preview_id": preview["id"]}, 202, **{"If-Match": f'"v{contact["version"]}"'})
    path = f"/v1/write-backs/{written['id']}"
    written = until(client, path, ("written", "refused", "conflict"))
    assert written["state"] == "written", written
    record = peer.raw(written["remote_id"])
    for said in (given, family, contact["contact"]["emails"][0]["value"]):
        assert said in record, f"{peer.kind}: {said} is not in {record}"
    assert peer.count(family) == 1
    post(client, path + "/undo", None, 202)
    assert until(client, path, ("undone", "undo_conflict"))["state"] == "undone"
    assert peer.count(family) == 0
    print(f"{peer.kind}: read, written as {written['remote_id']}, read back, undone")


def main():
    ready = [(server, peer) for server, peer in SIDES if not server.missing()]
    if not ready:
        print(SIDES[0][0].missing())
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="kartei-photo-") as folder:
        pathlib.Path(folder).chmod(0o755)
        servers = [(server(pathlib.Path(folder) / server.__name__, cache=os.environ.get("KARTEI_CACHE")), peer) for server, peer in ready]
        try:
            for server, _ in servers:
                server.start()
            allowed = ",".join(f"127.0.0.1:{server.port}" for server, _ in servers)
            with instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": allowed}) as kartei:
                client = kartei.sign_in()
                for server, peer in servers:
                    walk(client, peer(server, server.port))
        finally:
            for server, _ in servers:
                server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
