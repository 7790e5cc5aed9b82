#!/usr/bin/python3
"""run_figures.py [--mails N]: the figures of docs/mailboxes.md against real Dovecot and Postfix; by hand, as root (Postfix wants it).

Sending over submission with TLS, suggestion by IDLE within five seconds of delivery, password with implicit TLS and STARTTLS, a catch-up of
N mails with the worker's memory before, at its highest and after, and the mailbox as it was, flags and MODSEQ.
"""
import argparse
import json
import os
import re
import pathlib
import statistics
import sys
import time

from mails import mail, person
from world import World, wait_for
from mail_servers import Postfix


def memory(pid):
    """Resident kilobytes now, and the most so far."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]), int(re.search(r"VmHWM:\s+(\d+)", text)[1])


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(x) for x in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def say(**what):
    print(json.dumps(what), flush=True)


def delivery(world, postfix, rounds=10):
    """From the end of submission to the suggestion in the list."""
    took = []
    for n in range(9000, 9000 + rounds):
        who = person(n)
        postfix.send(mail(n, who), to="anna@test.example")
        start = time.monotonic()
        wait_for(lambda: [c for c in world.contacts() if any(e["value"] == who["email"] for e in c["contact"]["emails"])], 20, 0.05)
        took.append(time.monotonic() - start)
    say(what="SMTP submission to suggestion by IDLE, seconds", median=round(statistics.median(took), 2), most=round(max(took), 2), n=rounds)


def catch_up(world, mailbox, n):
    world.change(mailbox, list_id="")
    start = time.monotonic()
    for first in range(0, n, 200):
        world.mail.deliver("anna@test.example", *(mail(20000 + i) for i in range(first, min(first + 200, n))))
    say(what="delivered by LMTP", mails=n, seconds=round(time.monotonic() - start, 1))
    before = world.mail.state()
    worker, parse = world.kartei.pid("kartei-worker"), world.kartei.pid("kartei-parse")
    pathlib.Path(f"/proc/{worker}/clear_refs").write_text("5")
    rss, used, done = memory(worker)[0], cpu(worker) + cpu(parse), world.get(mailbox)
    start = time.monotonic()
    world.change(mailbox, list_id=world.list)
    goal, samples = done["looked"] + done["header_only"] + n, []
    while True:
        now = world.get(mailbox)
        samples.append(memory(worker)[0])
        if now["looked"] + now["header_only"] >= goal or time.monotonic() - start > 3000:
            break
        time.sleep(1)
    took = time.monotonic() - start
    say(what="catch-up", mails=n, looked=now["looked"] - done["looked"], suggested=now["suggested"] - done["suggested"], seconds=round(took, 1),
        mails_per_second=round(n / took, 1), cpu_seconds=round(cpu(worker) + cpu(parse) - used, 1), rss_before_kb=rss,
        rss_quarter_kb=samples[len(samples) // 4], rss_end_kb=samples[-1], rss_most_kb=memory(worker)[1])
    say(what="flags, MODSEQ, UIDNEXT identical", verdict=before == world.mail.state())


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mails", type=int, default=10000)
    arguments = arguments.parse_args()
    if why := Postfix.missing():
        sys.exit(why)
    with World() as world, Postfix(world.folder / "postfix", world.mail) as postfix:
        mailbox = world.connect()
        time.sleep(1)
        delivery(world, postfix)
        catch_up(world, mailbox, arguments.mails)


if __name__ == "__main__":
    main()
