"""What attacks on the door share: addresses to come from, links with a bit changed, and whether two kinds of answers can be told apart."""
import base64
import concurrent.futures
import random
import statistics
import time


def addresses(prefix="203.0.113"):
    """One address after the other, so that limits by address do not answer instead of what is tested."""
    n = 0
    while True:
        n += 1
        yield f"{prefix}.{n}" if n < 250 else f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"


def flipped(path, bit):
    """The link's path with one bit of its 72 bytes changed."""
    _, page, text = path.split("/")
    raw = bytearray(base64.urlsafe_b64decode(text))
    raw[bit // 8] ^= 1 << bit % 8
    return f"/{page}/" + base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")


LIMIT = 4.5  # of Welch's t: beyond it two kinds can be told apart


def spread_of(a, b):
    return (statistics.variance(a) / len(a) + statistics.variance(b) / len(b)) ** 0.5


def welch(a, b):
    spread = spread_of(a, b)
    return abs(statistics.mean(a) - statistics.mean(b)) / spread if spread else 0.0


def alike(ask, pairs, before=lambda n: None):
    """Asks for both kinds `pairs` times, in an order that nobody knows: ask(kind, n) gives a page; before(n) comes ahead of a pair and is
    not timed. The set of (status, length), Welch's t of the times, without the slowest tenth of each kind, which is what else the machine
    did, and in words what difference would have been seen: on a busy machine small ones are not."""
    times, shapes = ([], []), set()
    for n in range(pairs):
        before(n)
        for kind in random.sample((0, 1), 2):
            began = time.perf_counter()
            page = ask(kind, n)
            times[kind].append(time.perf_counter() - began)
            shapes.add((page.status, len(page.data)))
    kept = [sorted(one)[: max(2, len(one) * 9 // 10)] for one in times]
    t = welch(*kept)
    return shapes, t, f"Welch t = {t:.2f} (a difference of {LIMIT * spread_of(*kept) * 1000:.1f} ms would have been seen)"


def at_once(act, racers, threads=40):
    """What act(racer) gives for each, many at a time."""
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return list(pool.map(act, racers))


__all__ = ["LIMIT", "addresses", "alike", "at_once", "flipped", "welch"]
