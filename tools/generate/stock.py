#!/usr/bin/python3
"""Synthetic CRM stock: German and European B2B contacts with true duplicates and traps, the same for the same seed.

  stock.py --seed 1 --count 2000 --out stock.ndjson --truth pairs.csv
"""
import argparse
import csv
import itertools
import json
import pathlib
import random
import sys

import people
import phones
import twist
import words

COUNTRIES = words.Bag(["DE", "AT", "CH", "FR", "IT", "NL", "GB", "PL", "ES"], [82, 4, 4, 2, 2, 2, 2, 1, 1])
CLUSTER = words.Bag([1, 2, 3, 4, 5, 6], [74, 17, 5.5, 2, 1, 0.5])
LARGEST_STAFF = 400
TRAP_SHARE = 0.03
MOVED_SHARE = 0.10
TRAPS = ("father_son", "colleague", "namesake", "namesake_firm", "mailbox", "spouse")


class Stock:
    """The growing stock. A row is (person number, employer, contact); a trap is (person, person, employers, name)."""

    def __init__(self, seed):
        self.rng = random.Random(f"stock/{seed}")
        self.companies, self.domains, self.rows, self.traps = [], set(), [], []
        self.persons = 0

    def company(self):
        c = people.company(self.rng, COUNTRIES.pick(self.rng), None, self.domains)
        c.ident = f"f{len(self.companies) + 1}"
        self.companies.append(c)
        return c

    def add(self, p, copies):
        """Adds person `p` with `copies` further records and returns the person's number."""
        rng = self.rng
        self.persons += 1
        move_at = next((i for i in range(copies) if rng.random() < MOVED_SHARE), None)
        if move_at is not None and p.mobile is None and rng.random() < 0.7:
            p.mobile = phones.mobile(rng, p.company.country)
        self.rows.append((self.persons, p.company, people.contact(p)))
        for i in range(copies):
            p = self.moved(p) if i == move_at else p
            self.rows.append((self.persons, p.company, twist.copy(rng, p, twist.CHANNEL_MIX.pick(rng))))
        return self.persons

    def moved(self, p):
        """The same person at another employer: name and mobile stay; everything else is new."""
        employer = self.rng.choice(self.companies)
        if employer is p.company:
            return p
        new = people.person(self.rng, employer, (p.given, p.family, p.sex), 0.0)
        new.prefix, new.suffix, new.mobile = p.prefix, p.suffix, p.mobile
        return new

    def staff(self, employer, room):
        rng = self.rng
        size = min(LARGEST_STAFF, int(rng.paretovariate(1.05)), room)
        for _ in range(max(1, size)):
            p = people.person(rng, employer)
            rival = self.trap(p) if rng.random() < TRAP_SHARE else None
            number = self.add(p, CLUSTER.pick(rng) - 1)
            if rival:
                kind, other = rival
                self.traps.append((number, self.add(other, 0 if rng.random() < 0.7 else 1), (p.company, other.company), kind))

    def trap(self, p):
        """(kind, another person who is easily taken for `p`); may touch up `p` so that the trap is one."""
        rng, kind = self.rng, self.rng.choice(TRAPS)
        nat = people.nation(p.company.town)
        if kind == "namesake":
            return kind, people.person(rng, self.company(), (p.given, p.family, p.sex))
        given, _, sex = people.name(rng, nat)
        if kind == "father_son":
            given, sex = (p.given if rng.random() < 0.35 else given), "m" if rng.random() < 0.8 else sex
        if kind == "namesake_firm":
            given, sex = p.given, p.sex
        family = people.surname(rng, nat) if kind == "mailbox" else p.family
        other = people.person(rng, p.company, (given, family, sex))
        other.email = self.own_mail(other, p.email)
        if kind == "father_son":
            other.phone, other.suffix = p.phone, "jun." if given == p.given and rng.random() < 0.3 else other.suffix
        if kind == "mailbox":
            p.email = other.email = f"{people.ROLE_BOX[p.company.lang][0]}@{p.company.domain}"
            p.phone = other.phone = p.company.main
            p.mobile = other.mobile = None
        if kind == "spouse":
            p.mobile = other.mobile = p.mobile or phones.mobile(rng, p.company.country)
        return kind, other

    @staticmethod
    def own_mail(p, taken):
        """A company gives nobody a colleague's address: the second Anna Schmidt is anna.schmidt2@."""
        if p.email != taken or p.email is None:
            return p.email
        local, _, host = p.email.partition("@")
        return f"{local}2@{host}"

    def fill(self, count):
        while len(self.rows) < count:
            self.staff(self.company(), count - len(self.rows))
        del self.rows[count:]
        self.rng.shuffle(self.rows)


def build(seed, count):
    """(contacts with id and company_id, pairs as (id_l, id_r, kind)), the same for the same seed and count."""
    stock = Stock(seed)
    stock.fill(count)
    width = len(str(count))
    contacts, held = [], {}
    for at, (person, employer, contact) in enumerate(stock.rows, 1):
        ident = f"k{at:0{width}d}"
        contacts.append({"id": ident, "company_id": employer.ident if contact["organization"] else None, **contact})
        held.setdefault(person, []).append((ident, employer))
    pairs = [(a[0], b[0], "duplicate" if a[1] is b[1] else "moved")
             for group in held.values() for a, b in itertools.combinations(group, 2)]
    for left, right, (at_left, at_right), kind in stock.traps:
        pairs += [(a[0], b[0], f"trap:{kind}") if a[0] < b[0] else (b[0], a[0], f"trap:{kind}")
                  for a in held.get(left, ()) if a[1] is at_left for b in held.get(right, ()) if b[1] is at_right]
    return contacts, sorted(pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000, help="records, duplicates included")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="one contact as JSON a line")
    parser.add_argument("--truth", type=pathlib.Path, help="CSV id_l,id_r,kind: duplicate, moved or trap:NAME")
    args = parser.parse_args()
    if args.count < 1:
        parser.error("--count must be at least 1")
    contacts, pairs = build(args.seed, args.count)
    with args.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(c, ensure_ascii=False, separators=(",", ":")) + "\n" for c in contacts)
    if args.truth:
        with args.truth.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(("id_l", "id_r", "kind"))
            table.writerows(pairs)
    print(f"{len(contacts)} contacts, {len(pairs)} labelled pairs", file=sys.stderr)


if __name__ == "__main__":
    main()
