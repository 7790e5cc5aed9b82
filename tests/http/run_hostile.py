#!/usr/bin/python3
"""Requests that two programs in a row could understand in two ways, oversized ones, and clients that take their time.

Every case names what may come back: statuses, or "closed" without an answer. Judged on the socket, without a front door.
"""
import concurrent.futures
import socket
import sys
import time
import unittest

from server import Server, receive

HOST = b"Host: localhost:8443\r\n"
POST = b"POST /v1/session HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
JSON = b'{"email":"a@b.example","password":"x"}'
LENGTH = b"Content-Length: %d\r\n" % len(JSON)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n" % len(JSON) + JSON + b"\r\n0\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\n"

CASES = {
    "two equal lengths": (POST + LENGTH + LENGTH + b"\r\n" + JSON, {400}),
    "two different lengths": (POST + LENGTH + b"Content-Length: 3\r\n\r\n" + JSON, {400}),
    "length and chunked": (POST + LENGTH + CHUNKED + b"\r\n" + CHUNKS, {400}),
    "chunked and length": (POST + CHUNKED + LENGTH + b"\r\n" + CHUNKS, {400}),
    "xchunked": (POST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS, {501}),
    "chunked, identity": (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKS, {501}),
    "blank before the colon": (POST + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNKS, {400}),
    "blank in a name": (GET + HOST + b"X Y: 1\r\n\r\n", {400}),
    "length +5": (POST + b"Content-Length: +5\r\n\r\n12345", {400}),
    "length 0x5": (POST + b"Content-Length: 0x5\r\n\r\n12345", {400}),
    "length 5, 5": (POST + b"Content-Length: 5, 5\r\n\r\n12345", {400}),
    "length -1": (POST + b"Content-Length: -1\r\n\r\n", {400}),
    "length beyond 64 bits": (POST + b"Content-Length: 18446744073709551617\r\n\r\n", {400}),
    "length of 2 GB": (POST + b"Content-Length: 2147483648\r\n\r\n", {413}),
    "chunk -5": (POST + CHUNKED + b"\r\n-5\r\n12345\r\n0\r\n\r\n", {400, "closed"}),
    "chunk beyond 64 bits": (POST + CHUNKED + b"\r\nfffffffffffffffff\r\n1\r\n0\r\n\r\n", {400, 413, "closed"}),
    "chunk without a number": (POST + CHUNKED + b"\r\n\r\n1\r\n0\r\n\r\n", {400, "closed"}),
    "NUL in a value": (GET + HOST + b"X: a\0b\r\n\r\n", {400}),
    "folded line": (GET + HOST + b"X: a\r\n b\r\n\r\n", {400}),
    "bare LF": (b"GET /healthz HTTP/1.1\nHost: x\n\n", {400}),
    "bare CR": (GET + HOST + b"X: a\rY: b\r\n\r\n", {400}),
    "no Host": (GET + b"\r\n", {400}),
    "two Hosts": (GET + HOST + HOST + b"\r\n", {400}),
    "header of 100 KB": (GET + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n", {431}),
    "5,000 headers": (GET + HOST + b"X: 1\r\n" * 5_000 + b"\r\n", {431}),
    "1,000 headers": (GET + HOST + b"X: 1\r\n" * 1_000 + b"\r\n", {431}),
    "address of 10 KB": (b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", {431}),
    "absolute address": (b"GET http://localhost/healthz HTTP/1.1\r\n" + HOST + b"\r\n", {400}),
    "HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 501}),
    "HTTP/3.7": (b"GET / HTTP/3.7\r\n" + HOST + b"\r\n", {501}),
    "TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\r\n\r\n", {400}),
    "empty line first": (b"\r\n" + GET + HOST + b"\r\n", {400}),
    "unknown method": (b"BREW /healthz HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    "TRACE": (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    "CONNECT": (b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n", {400}),
    "GET with a body": (GET + HOST + LENGTH + b"\r\n" + JSON, {400}),
    "dots in the path": (b"GET /assets/x/../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", {404}),
    "encoded dots": (b"GET /assets/x/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\n" + HOST + b"\r\n", {404}),
    "encoded NUL": (b"GET /healthz%00 HTTP/1.1\r\n" + HOST + b"\r\n", {400}),
    "Expect something else": (POST + LENGTH + b"Expect: 200-maybe\r\n\r\n" + JSON, {400}),
}


def statuses(got):
    """Final status of every answer in the bytes (interim 1xx left out)."""
    found = []
    for piece in got.split(b"HTTP/1.1 ")[1:]:
        number = int(piece[:3])
        if number >= 200:
            found.append(number)
    return found


class Hostile(unittest.TestCase):
    def test_every_case_is_refused(self):
        for name, (data, allowed) in CASES.items():
            with self.subTest(name):
                got, closed = server.raw(data)
                answers = statuses(got)
                self.assertTrue(closed, "left open")
                self.assertLessEqual(len(answers), 1, "more than one answer")
                self.assertIn(answers[0] if answers else "closed", allowed, got[:300])

    def test_the_control_is_answered(self):
        """The judge can say yes: the same requests without the fault."""
        for data, status in ((GET + HOST + b"\r\n", 200), (POST + LENGTH + b"\r\n" + JSON, 401),
                             (POST + CHUNKED + b"\r\n" + CHUNKS, 401),
                             (GET + HOST + b"X: " + b"a" * 15_000 + b"\r\n\r\n", 200),
                             (GET + HOST + b"".join(b"X-%d: %s\r\n" % (i, b"b" * 200) for i in range(60)) + b"\r\n", 200),
                             (b"GET /healthz?" + b"a" * 4_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 422)):
            self.assertEqual(statuses(server.raw(data)[0]), [status])

    def test_what_follows_the_first_request_is_never_answered(self):
        got, closed = server.raw((GET + HOST + b"\r\n") * 3)
        self.assertTrue(closed)
        self.assertEqual(statuses(got), [200])
        smuggled = POST + b"Content-Length: 5\r\n\r\n{}   GET /metrics HTTP/1.1\r\n" + HOST + b"\r\n"
        self.assertEqual(len(statuses(server.raw(smuggled)[0])), 1)

    def test_refusals_are_problem_documents_and_say_nothing_of_the_inside(self):
        got, _ = server.raw(CASES["two Hosts"][0])
        self.assertIn(b"Content-Type: application/problem+json", got)
        self.assertIn(b'"type":"/problems/malformed-request"', got)
        for word in (b"libmicrohttpd", b"/tmp", b"postgres"):
            self.assertNotIn(word, got.lower())

    def test_the_service_lives_after_all_that(self):
        self.assertEqual(server.client().get("/readyz").status, 200)


def drip(first, rest, seconds):
    """Sends `first`, then a byte of `rest` a second; returns after how long the server closed, or None."""
    begin = time.monotonic()
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(server.socket)
        s.sendall(first)
        s.settimeout(1.0)
        for i in range(seconds):
            try:
                if rest:
                    s.sendall(rest[i % len(rest):][:1])
                if not s.recv(4096):
                    return time.monotonic() - begin
            except (TimeoutError, socket.timeout):
                continue
            except OSError:
                return time.monotonic() - begin
    return None


class Slow(unittest.TestCase):
    """All at once, and while they drip somebody healthy is served."""

    def test_slow_clients_are_closed_within_twelve_seconds(self):
        ways = {"says nothing": (b"", b""), "header drips": (b"GET / HTTP/1.1\r\nX: ", b"a"),
                "body drips": (POST + b"Content-Length: 1000\r\n\r\n", b" "),
                "chunks drip": (POST + CHUNKED + b"\r\n1000\r\n", b" ")}
        with concurrent.futures.ThreadPoolExecutor(len(ways) * 50) as pool:
            running = {name: [pool.submit(drip, *way, 16) for _ in range(50)] for name, way in ways.items()}
            slowest = 0
            for _ in range(50):
                begin = time.monotonic()
                self.assertEqual(server.client().get("/healthz").status, 200)
                slowest = max(slowest, time.monotonic() - begin)
                time.sleep(0.1)
            for name, futures in running.items():
                with self.subTest(name):
                    for future in futures:
                        self.assertIsNotNone(future.result(), "never closed")
                        self.assertLessEqual(future.result(), 12)
        self.assertLess(slowest, 1.0)

    def test_a_fast_body_after_a_pause_is_taken(self):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            s.connect(server.socket)
            s.sendall(POST + LENGTH + b"\r\n")
            time.sleep(3)
            s.sendall(JSON)
            self.assertEqual(statuses(receive(s)[0]), [401])


if __name__ == "__main__":
    with Server() as server:
        outcome = unittest.main(exit=False, verbosity=1).result
    sys.exit(not outcome.wasSuccessful())
