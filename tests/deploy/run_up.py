#!/usr/bin/python3
"""`kartei up` on good days and bad ones: second starts, a taken port, a killed supervisor, lock files that lie, deep folders,
wrong settings, certificates, stop and reset."""
import os
import signal
import socket
import subprocess
import time
import unittest

import place


class Up(unittest.TestCase):
    """One database cluster for all: making one costs seconds."""

    @classmethod
    def setUpClass(cls):
        cls.place = place.Place()
        cls.addClassCleanup(cls.place.__exit__)
        cls.first = cls.place.up()

    def setUp(self):
        self.place.up()  # for who was left down by the test before

    def health(self, authority, path="/healthz"):
        client = place.instance.Client(self.place.port, authority)
        try:
            return client.get(path)[0]
        finally:
            if client.connection:
                client.connection.close()

    def ready(self):
        return self.health(self.place.var / "tls/ca.crt", "/readyz") == 200

    def test_first_start_says_where_it_runs_and_how_to_trust_it(self):
        self.assertIn(f"https://localhost:{self.place.port}\n", self.first.stdout)
        self.assertIn(f"{self.place.var}/tls/ca.crt", self.first.stdout)
        self.assertTrue(self.ready())

    def test_second_up_says_that_it_runs_and_where_whatever_its_own_settings(self):
        again = self.place.kartei("up", "--detach", KARTEI_LISTEN="127.0.0.1:1")
        self.assertEqual(again.returncode, 0)
        self.assertIn(f"already runs at https://localhost:{self.place.port}", again.stdout)
        self.assertEqual(self.place.kartei("settings", "KARTEI_PUBLIC_URL").stdout, f"https://localhost:{self.place.port}\n")

    def test_start_after_stop_is_quick(self):
        self.assertEqual(self.place.kartei("up", "--stop").returncode, 0)
        self.assertIn("does not run", self.place.kartei("up", "--stop").stdout)
        start, busy = time.monotonic(), os.getloadavg()[0] / (os.cpu_count() or 1)
        self.place.up()
        self.assertLess(time.monotonic() - start, 3 * max(1, busy) + 2)
        self.assertTrue(self.ready())

    def test_taken_port_is_a_conflict_with_a_way_out(self):
        self.place.kartei("up", "--stop")
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", self.place.port))
            taken.listen()
            done = self.place.kartei("up", "--detach", "--no-demo")
        self.assertEqual(done.returncode, 4)
        self.assertIn("KARTEI_LISTEN=", done.stderr)
        self.assertIn("does not run", self.place.kartei("up", "--stop").stdout)

    def test_killed_supervisor_is_followed_at_once(self):
        os.kill(int((self.place.var / "run/up.lock").read_text().split()[0]), signal.SIGKILL)
        self.place.up()
        self.assertTrue(self.ready())

    def test_everything_killed_recovers(self):
        pids = [int((self.place.var / "run/up.lock").read_text().split()[0])]
        pids += [self.place.pid(name) for name in ("postgres", "kartei-parse", "kartei-api", "kartei-worker", "haproxy")]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.place.up()
        self.assertTrue(self.ready())

    def test_lock_file_that_names_a_stranger_is_cleared(self):
        self.place.kartei("up", "--stop")
        stranger = subprocess.Popen([*place.instance.as_service_user(), "sleep", "60"], cwd="/")
        try:
            lock = self.place.var / "pg/data/postmaster.pid"
            lock.write_text(f"{stranger.pid}\n{self.place.var}/pg/data\n1700000000\n5432\n{self.place.var}/run\n\n  1  1\nready\n")
            place.instance.give_to_service_user(lock)
            self.place.up()
            self.assertTrue(self.ready())
            self.assertIsNone(stranger.poll())
        finally:
            stranger.kill()
            stranger.wait()

    def test_reload_takes_up_another_certificate_without_a_pause(self):
        pem, certificate = self.place.home / "own.pem", self.place.home / "own.crt"
        self.place.kartei("up", "--stop")
        self.make_certificate(pem, certificate)
        self.place.up(KARTEI_TLS_PEM=str(pem))
        before = self.place.pid("haproxy"), certificate.read_text()
        self.assertEqual(self.health(certificate), 200)
        self.make_certificate(pem, certificate)
        self.assertNotEqual(certificate.read_text(), before[1])
        self.assertEqual(self.place.kartei("up", "--reload").returncode, 0)
        for _ in range(100):
            try:
                status = self.health(certificate)
                break
            except place.instance.ssl.SSLError:  # the old certificate still; a refused connection would be an error
                time.sleep(0.1)
        self.assertEqual(status, 200)
        self.assertEqual(self.place.pid("haproxy"), before[0])
        self.place.kartei("up", "--stop")
        broken = self.place.kartei("up", "--detach", "--no-demo", KARTEI_TLS_PEM=str(certificate))
        self.assertEqual(broken.returncode, 2)
        self.assertIn("KARTEI_TLS_PEM", broken.stderr)

    def make_certificate(self, pem, certificate):
        key = self.place.home / "own.key"
        done = self.place.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                              "/CN=own", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate)
        self.assertEqual(done.returncode, 0, done.stderr)
        pem.write_text(certificate.read_text() + key.read_text())
        pem.chmod(0o644)

    def test_certificate_has_the_name_that_people_type(self):
        self.place.kartei("up", "--stop")
        self.place.up(KARTEI_PUBLIC_URL="https://karten.muster.example:8443")
        names = self.place.run("openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", self.place.var / "tls/server.crt").stdout
        self.assertIn("DNS:karten.muster.example", names)
        self.assertIn("DNS:localhost", names)

    def test_wrong_settings_are_named(self):
        self.place.kartei("up", "--stop")
        for value in ("nonsense", "127.0.0.1:70000", ":8443"):
            done = self.place.kartei("up", "--detach", KARTEI_LISTEN=value)
            self.assertEqual((done.returncode, "KARTEI_LISTEN" in done.stderr), (2, True), value)
        done = self.place.kartei("up", "--detach", KARTEI_VAR="/proc/kartei")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/proc/kartei", done.stderr)


class Away(unittest.TestCase):
    def test_folder_deeper_than_a_socket_allows_and_reset(self):
        with place.Place(below="ein-tiefer-ordner/" * 8) as deep:
            done = deep.kartei("up", "--detach", "--only-database")
            self.assertEqual(done.returncode, 0, done.stderr)
            run = deep.kartei("settings", "KARTEI_RUN").stdout.strip()
            self.assertTrue(run.startswith("/tmp/kartei-"), run)
            self.assertTrue(deep.kartei("admin", "create-org", "--name", "Tief").stdout)
            self.assertEqual(deep.kartei("up", "--reset", stdin="no\n").returncode, 1)
            self.assertTrue((deep.var / "keys/master.key").exists())
            self.assertEqual(deep.kartei("up", "--reset", "--yes").returncode, 0)
            self.assertEqual(list(deep.var.iterdir()), [])
            self.assertFalse(os.path.exists(run))

    def test_database_elsewhere_is_used_and_none_is_started(self):
        with place.Place() as database, place.Place() as programs:
            database.up("--only-database")
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", database.port), 1)
            address = f"host={database.var}/run dbname=kartei user="
            programs.up(KARTEI_DATABASE_URL=address + "kartei_app", KARTEI_MIGRATE_URL=address + "kartei_super")
            self.assertEqual(programs.client().get("/readyz")[0], 200)
            self.assertFalse((programs.var / "run/postgres.pid").exists())
            self.assertFalse((programs.var / "pg/data").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
