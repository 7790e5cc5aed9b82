#!/usr/bin/python3
"""A disk that fills up under files and database: uploads are refused with 507 while everything else goes on, nothing that
was accepted is lost, and when there is room again the same request succeeds. Needs root for a small disk of its own."""
import concurrent.futures
import os
import subprocess
import sys
import time
import unittest
import uuid

from photo import jpeg
from server import Server, wait_until

MB = 1024 * 1024
DISK_MB, LEAST_FREE_MB = 480, 256  # the second is base/limits.h


class SmallDisk(Server):
    mounted = False

    def furnish(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "kartei-test", self.folder], check=True,
                       capture_output=True)
        self.mounted = True

    def __exit__(self, *what):
        super().__exit__(*what)
        self.release()

    def release(self):
        if self.mounted:
            subprocess.run(["umount", self.folder], check=True)
            self.folder.rmdir()

    def free(self):
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize

    def fill(self, leave):
        """A ballast file that leaves so many bytes free, also while others write."""
        with open(self.folder / "ballast", "wb") as ballast:
            at, piece = 0, 16 * MB
            while piece >= 4096 and self.free() > leave:
                try:
                    os.posix_fallocate(ballast.fileno(), at, min(piece, max(4096, self.free() - leave)))
                    at = os.fstat(ballast.fileno()).st_size
                except OSError:
                    piece //= 2

    def relieve(self):
        (self.folder / "ballast").unlink(missing_ok=True)


class Full(unittest.TestCase):
    def setUp(self):
        self.user = server.sign_in("user@one.example")
        self.addCleanup(server.relieve)

    def upload(self, data, key=None):
        return self.user.request("POST", "/v1/scans", data, {"Content-Type": "image/jpeg",
                                                             "Idempotency-Key": key or str(uuid.uuid4())})

    def kept(self, scan, data):
        return self.user.get(f"/v1/scans/{scan}/image").data == data

    def refused(self, answer):
        self.assertEqual((answer.status, answer.slug), (507, "disk-full"), answer.data)
        self.assertGreater(len(answer.json["detail"]), 20)
        self.assertEqual(answer.headers["Retry-After"], "60")

    def test_a_disk_that_gets_full_refuses_photos_first_and_serves_the_rest(self):
        photo, large = jpeg(1), jpeg(2) + bytes(15 * MB)
        scan = self.upload(photo)
        self.assertEqual(scan.status, 202, scan.data)
        before, files = len(self.user.get("/v1/scans").json["items"]), server.stored()
        server.fill((LEAST_FREE_MB - 16) * MB)
        self.refused(self.upload(large, "full"))
        self.refused(self.user.get("/readyz"))
        self.assertEqual((len(self.user.get("/v1/scans").json["items"]), server.stored()), (before, files))
        self.assertEqual(self.user.post("/v1/contacts", {"contact": {"family_name": "Trotzdem"}}).status, 201)
        self.assertTrue(self.kept(scan.json["id"], photo))
        server.relieve()
        again = self.upload(large, "full")
        self.assertEqual(again.status, 202, again.data)
        self.assertEqual(self.user.get("/readyz").status, 200)
        self.assertTrue(self.kept(again.json["id"], large))

    def test_uploads_under_way_while_the_last_byte_goes_are_whole_or_not_there(self):
        """The database may die of it (it cannot write its log any more): it comes back with all it had said yes to."""
        photos = [jpeg(100 + i) + bytes([i]) * (4 * MB) for i in range(24)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(self.upload, photo) for photo in photos]
            while sum(answer.done() for answer in answers) < 4:
                time.sleep(0.01)
            server.fill(0)
            answers = [answer.result() for answer in answers]
        self.assertLessEqual({answer.status for answer in answers}, {202, 503, 507})
        self.assertGreater(sum(answer.status == 507 for answer in answers), 0)
        server.relieve()
        if server.database.poll() is not None:
            server.start_database()
        wait_until(lambda: self.user.get("/readyz").status == 200)
        accepted = {answer.json["id"]: photo for answer, photo in zip(answers, photos) if answer.status == 202}
        self.assertGreaterEqual(len(accepted), 4)
        for scan, photo in accepted.items():
            self.assertTrue(self.kept(scan, photo), scan)
        for photo in photos:
            self.assertIn(self.upload(photo).status, (200, 202))


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("only root can mount a small disk")
        sys.exit(77)
    try:
        server = SmallDisk().__enter__()
    except subprocess.CalledProcessError as why:
        print(f"no small disk here: {why.stderr.decode().strip() if isinstance(why.stderr, bytes) else why.stderr}")
        sys.exit(77)
    try:
        outcome = unittest.main(exit=False).result
        if not outcome.wasSuccessful():
            print((server.folder / "api.log").read_text()[-3000:])
    finally:
        server.__exit__(None, None, None)
    sys.exit(not outcome.wasSuccessful())
