"""The control of the chaos test: a worker as they are often written. It sends, and notes afterwards that it has sent; what is
not noted it sends again. Killed as often as ours is, before the same CRM, it has to be convicted by the same judge.

    control.py PORT TOKEN SPOOL     the worker: a file of SPOOL is a wish, `done` beside it means that it was sent
"""
import http.client
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

PERSONS = "/api/v2/persons"


def send(port, token, wish):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", PERSONS, json.dumps(wish), {"x-api-token": token, "Content-Type": "application/json"})
        return connection.getresponse().status in (200, 201)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def work(port, token, spool):
    while True:
        for wish in sorted(spool.glob("*.json")):
            done = wish.with_suffix(".done")
            if not done.exists() and send(port, token, json.loads(wish.read_text())):
                time.sleep(0.02)  # as long as a commit takes
                done.touch()
        time.sleep(0.01)


def storm(crm, wishes, seed):
    """Faults by kind that the judge finds in what the worker did with so many wishes."""
    import crms
    import judge
    rng, wanted = random.Random(seed), {}
    with tempfile.TemporaryDirectory() as folder, crm:
        spool = pathlib.Path(folder)
        for n in range(wishes):
            wish = {"name": f"Blind{n} Wiederholt", "emails": [{"value": f"blind{n}@muster.example", "primary": True}]}
            wanted[crms.key_of_person(wish)] = (1, None)
            (spool / f"{n:03}.json").write_text(json.dumps(wish))
        while len(list(spool.glob("*.done"))) < wishes:
            worker = subprocess.Popen([sys.executable, __file__, str(crm.port), crm.fake.api_token, folder])
            time.sleep(rng.uniform(0.2, 0.6))
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        return {kind: len(found) for kind, found in judge.judge_writes(wanted, list(crm.entries())).items() if found}


if __name__ == "__main__":
    work(int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]))
