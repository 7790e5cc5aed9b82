#!/usr/bin/python3
"""kill9.py [--crm keys|lag] [--kills N] [--seed N]: kill -9 at random during uploads and write-backs to a CRM in bad weather.

Several people work at once while kartei-api, one of three kartei-workers, kartei-parse (parent or child) and PostgreSQL (all
of it, its head, or one backend) die at random moments, and the CRM (crms.py) loses answers, answers 502 after it has
written, and says 429. What is parked after two losses a person decides, who looks in the CRM itself. The judge (judge.py)
compares the CRM's ledger by content; it is also shown falsified ledgers and has to convict them (--plant ends the run with
one), and so does a naive worker before the same CRM (control.py). Prints one JSON line; ends with 1 on any loss or doubling,
when something has not come to its end 60 s after the last kill and fault, or when pg_amcheck or the checksums complain, and
with 77 when Radicale is not installed.
"""
import argparse
import json
import os
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import control  # noqa: E402
import crms  # noqa: E402
import instance  # noqa: E402
import judge  # noqa: E402
import nemesis  # noqa: E402
import people  # noqa: E402

PATIENCE = 60  # seconds after the last kill until everything has come to its end


def crowd(kartei, crm, ledger, stop, sizes):
    """Those who photograph and those who type; each has a way to the server of their own, all have one account."""
    first = kartei.sign_in()
    status, _, connection = first.post("/v1/connections", crm.connection())
    if status != 201:
        raise RuntimeError(f"no connection: {connection}")

    def person():
        client = kartei.client()
        client.cookie, client.csrf = first.cookie, first.csrf
        return client, connection["id"], ledger, stop

    photographers, typists = sizes
    founders = [people.Founder(*person()) for _ in range(crm.founders)]
    return person()[0], [people.Photographer(*person()) for _ in range(photographers)] + \
        [people.Typist(n, *person()) for n in range(typists)] + founders


def judged(arguments, ledger, client, crm):
    """The judge's findings, and whether it convicts what is planted."""
    entries = list(crm.entries())
    faults, states, failed = judge.judge(ledger, client, entries, arguments.plant)
    blind = [kind for kind, fault in judge.PLANTS.items()
             if fault not in judge.judge(ledger, client, entries, kind)[0]] if ledger.writes else []
    counts = {kind: len(found) for kind, found in faults.items()}
    if blind:
        counts["judge_blind_for"] = blind
    return counts, {"states": states, "failed_scans": failed, "in_the_ledger": len(entries),
                    "found": {kind: found[:3] for kind, found in faults.items()}}


def judged_companies(kartei, crm, ledger, everybody):
    """Each name that anybody had made is asked for once more, as if the wait were over: one company, and everybody was told that one."""
    founder = next((one for one in everybody if isinstance(one, people.Founder)), None)
    if not founder:
        return {}
    crm.companies()
    kartei.sql("update kartei.company_claims set at = at - interval '1 hour'")
    late = [name for name in ledger.companies if founder.found(name, 60) != 201]
    names = crm.companies()
    faults = judge.judge_companies(ledger.companies, names)
    blind = [kind for kind, fault in judge.COMPANY_PLANTS.items() if fault not in judge.judge_companies(ledger.companies, names, kind)]
    return {**{kind: found[:5] for kind, found in faults.items()}, **({"companies_late": late} if late else {}),
            **({"judge_of_companies_blind_for": blind} if blind else {})}


def storm(arguments, kartei, crm):
    ledger, stop = people.Ledger(), threading.Event()
    client, everybody = crowd(kartei, crm, ledger, stop, arguments.people)
    workers = nemesis.Workers(kartei, 2)
    fury = nemesis.Nemesis(kartei, workers, random.Random(arguments.seed))
    for person in everybody:
        person.start()
    fury.storm(arguments.kills, arguments.pause)
    crm.calm()  # the last fault, like the last kill: a loop of lost answers would never have to end
    during = len(ledger.scans), len(ledger.writes)
    stop.set()
    settled = judge.settle(client, PATIENCE)
    for person in everybody:
        person.join(PATIENCE)
    judge.settle(client, PATIENCE)  # what people finished meanwhile
    parked = judge.parked_ones(client)  # sent twice, lost twice: a person's to decide, and nothing but that
    there = people.decide_parked(client, parked, crm)
    judge.settle(client, PATIENCE)
    faults, told = judged(arguments, ledger, client, crm)
    told["parked"] = len(parked)
    faults |= judged_companies(kartei, crm, ledger, everybody)
    faults |= {"parked_though_there": there} if there else {}
    workers.stop()
    complaints = nemesis.database_is_sound(kartei)
    faults |= {"late": 1} if settled >= PATIENCE else {}
    faults |= {"people_stuck": 1} if any(p.is_alive() for p in everybody) else {}
    faults |= {"database": complaints} if complaints else {}
    return {"crm": arguments.crm, "seed": arguments.seed, "kills": dict(fury.kills), "total_kills": sum(fury.kills.values()),
            "acknowledged_during_kills": {"scans": during[0], "write_backs": during[1]},
            "acknowledged": {"scans": len(ledger.scans), "write_backs": len(ledger.writes), "companies": len(ledger.companies)}, "weather": crm.weather(),
            "settled_after_s": settled, "slowest_answer_s": round(ledger.slowest, 1), **told, "faults": faults,
            "trouble": ledger.trouble[:5], "troubles": len(ledger.trouble)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crm", choices=crms.CRMS, default="lag")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two kills on average")
    parser.add_argument("--people", type=int, nargs=2, default=(2, 4), help="how many photograph, how many type")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", choices=judge.PLANTS)
    parser.add_argument("--control", type=int, default=30, help="wishes of the naive worker; 0 = leave it out")
    arguments = parser.parse_args()
    if crms.CRMS[arguments.crm].missing():
        print(crms.CRMS[arguments.crm].missing(), file=sys.stderr)
        return 77
    started = time.monotonic()
    naive = control.storm(crms.KeylessCrm(arguments.seed), arguments.control, arguments.seed) if arguments.control else {}
    with crms.CRMS[arguments.crm](arguments.seed) as crm:
        with instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{crm.port}"}) as kartei:
            result = storm(arguments, kartei, crm)
    if arguments.control and not naive.get("writes_doubled"):
        result["faults"]["naive_worker_not_convicted"] = naive
    result |= {"naive": naive, "seconds": round(time.monotonic() - started), "load": os.getloadavg()[0]}
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["faults"] or not result["acknowledged"]["write_backs"] else 0


if __name__ == "__main__":
    sys.exit(main())
