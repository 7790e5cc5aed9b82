"""The weather before a fake CRM: what becomes of a request, by chance or on order.

    fake.weather.order("lost")            the next write is done and its answer lost
    fake.weather.order("429 date", 3)     three times
    fake.weather.climate = {"502": 0.03}  by chance, of the writes, from the seed

A fault with `commits` lets the CRM do (and write down) what was asked before the client is told something else.
"""
import collections
import email.utils
import random
import threading
import time

WRITES = ("POST", "PUT", "PATCH", "DELETE")
HTML = {"Content-Type": "text/html"}
GIGABYTE = 1 << 30
Fault = collections.namedtuple("Fault", "commits tell")


def no(error):
    return {"success": False, "error": error, "error_info": "", "data": None}


def hang_up(handler, _):
    handler.close_connection = True


def says(status, body, headers=None):
    return lambda handler, _: handler.answer(status, body, headers or {})


def too_many(retry_after):
    def tell(handler, _):
        value = retry_after()
        handler.answer(429, no("Too many requests"), {"Retry-After": value} if value else {})
    return tell


def drip(handler, pause):
    """A byte now and then: never silent long enough to look dead, never done."""
    handler.send_response(200)
    handler.send_header("Content-Length", "4096")
    handler.end_headers()
    for _ in range(4096):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(pause)


def gigabyte(handler, _):
    handler.send_response(200)
    handler.send_header("Content-Length", str(GIGABYTE))
    handler.end_headers()
    for _ in range(GIGABYTE >> 20):
        handler.wfile.write(b" " * (1 << 20))


def black_hole(handler, pause):
    time.sleep(pause)
    handler.close_connection = True


PAGE = b"<!DOCTYPE html><html><title>Wartung</title><h1>Gleich wieder da</h1></html>"
FAULTS = {
    "lost": Fault(True, hang_up),
    "dropped": Fault(False, hang_up),
    "502": Fault(True, says(502, PAGE, HTML)),
    "503": Fault(False, says(503, PAGE, HTML)),
    "html 200": Fault(True, says(200, PAGE, HTML)),
    "empty": Fault(True, says(200, b"")),
    "207": Fault(False, says(207, no("Partial success: 0 of 1"))),
    "error in 200": Fault(False, says(200, no("Bitte erst den Besitzer waehlen."))),
    "too long": Fault(False, says(400, no("name: length must be less than 256"))),
    "unknown option": Fault(False, says(400, no("label: Buero is not an option of this field"))),
    "other centre": Fault(False, says(302, b"", {"Location": "https://eu.elsewhere.example/"})),
    "429": Fault(False, too_many(lambda: "2")),
    "429 fraction": Fault(False, too_many(lambda: "1.5")),
    "429 date": Fault(False, too_many(lambda: email.utils.formatdate(time.time() + 2, usegmt=True))),
    "429 bare": Fault(False, too_many(lambda: None)),
    "drip": Fault(True, lambda handler, _: drip(handler, 0.2)),
    "gigabyte": Fault(True, gigabyte),
    "black hole": Fault(False, lambda handler, weather: black_hole(handler, weather.patience)),
}


class Weather:
    """One per fake; every draw is under one lock, so a seed gives one row of draws."""

    def __init__(self, seed=0):
        self.rng, self.lock = random.Random(seed), threading.Lock()
        self.climate, self.orders, self.met = {}, collections.deque(), collections.Counter()
        self.always, self.patience = None, 60.0

    def order(self, name, times=1):
        assert name in FAULTS, name
        self.orders.extend([name] * times)

    def name(self, request):
        if self.always:
            return self.always
        if request.method not in WRITES:
            return None
        if self.orders:
            return self.orders.popleft()
        dice = self.rng.random()
        for name, share in self.climate.items():
            dice -= share
            if dice < 0:
                return name
        return None

    def draw(self, request):
        """The fault that meets this request, or None."""
        with self.lock:
            name = self.name(request)
            self.met[name or "fine"] += 1
        return FAULTS[name] if name else None
