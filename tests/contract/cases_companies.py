"""Vendors whose employers are records of their own: one of the name is linked, of several the chosen one; one is made only when asked for.

A peer names its server's companies (fakes.core.Companies); `places` says whether the vendor shows where a company is.
"""
import uuid


class CompanyCases:
    places = True

    @property
    def companies(self):
        return getattr(self.server, "accounts", None) or self.server.organizations

    def two_of_one_name(self):
        contact = self.sample()
        self.addCleanup(self.companies.clear)
        return contact, [str(self.companies.add(contact["organization"], place)) for place in ("Köln", "Wien")]

    def test_of_several_companies_the_chosen_one_is_linked(self):
        contact, (first, second) = self.two_of_one_name()
        told = self.ok("updated", "rehearse", after=contact)
        self.assertEqual((told["company"], told["left"]), ("many", 1))
        self.assertEqual({(c["id"], c["name"]) for c in told["companies"]}, {(first, contact["organization"]), (second, contact["organization"])})
        if self.places:
            self.assertEqual({c["place"] for c in told["companies"]}, {"Köln", "Wien"})
        marker = str(uuid.uuid4())
        record = self.ok("created", "create", marker=marker, contact=contact, company=second)["records"][0]
        self.assertEqual((record["company"], record["contact"]["organization"]), (second, contact["organization"]))
        self.assertEqual(self.ok("updated", "rehearse", after=contact, company=first)["left"], 0)

    def test_the_shipped_mapping_links_as_well(self):
        contact, (_, second) = self.two_of_one_name()
        mapping = self.call("check", known=[])["mapping"]
        record = self.ok("created", "create", marker=str(uuid.uuid4()), contact=contact, company=second, mapping=mapping)["records"][0]
        self.assertEqual((record["company"], record["contact"]["organization"]), (second, contact["organization"]))

    def test_without_a_choice_nothing_is_linked(self):
        contact, _ = self.two_of_one_name()
        _, _, record = self.make(contact)
        self.assertEqual((record["company"], record["contact"]["organization"]), (None, None))

    def test_the_way_back_finds_the_company_of_before_by_its_id(self):
        contact, (first, second) = self.two_of_one_name()
        other = str(self.companies.add("Nordlicht Reederei AG"))
        record = self.ok("created", "create", marker=str(uuid.uuid4()), contact=contact, company=first)["records"][0]
        after = {**record["contact"], "organization": "Nordlicht Reederei AG"}
        moved = self.update(record, after)["records"][0]
        self.assertEqual(moved["company"], other)
        back = self.update(moved, record["contact"], company=first)["records"][0]  # the name alone would not say which
        self.assertEqual((back["company"], back["contact"]["organization"]), (first, contact["organization"]))

    def test_companies_are_found_by_a_part_of_their_name(self):
        self.addCleanup(self.companies.clear)
        names = ["Quarz Werke AG", "Quarz Werke Süd GmbH", "O'Brien 100% Quarz_Handel"]
        ids = {str(self.companies.add(name)): name for name in names}
        self.companies.add("Ganz anders KG")
        found = self.ok("found", "companies", text=" quarz ")["companies"]
        self.assertEqual({c["id"]: c["name"] for c in found}, ids)
        for text in ("100% Quarz_Handel", "O'Brien 100"):
            self.assertEqual([c["name"] for c in self.ok("found", "companies", text=text)["companies"]], [names[2]], text)
        self.assertEqual(self.ok("none", "companies", text="Quarz%Süd")["companies"], [])
        self.assertEqual(self.ok("none", "companies", text="   ")["companies"], [])

    def test_long_lists_of_companies_end(self):
        self.addCleanup(self.companies.clear)
        for number in range(30):
            self.companies.add(f"Reihenhaus {number:02d} GmbH")
        self.assertEqual(len(self.ok("found", "companies", text="Reihenhaus")["companies"]), 20)

    def test_companies_that_do_not_answer_are_no_empty_list(self):
        for rule in (("answer", 503, {}, b""), ("answer", 200, {}, b"<html>"), ("answer", 200, {}, b'{"value":[{"id":{}}]}'), "drop"):
            self.proxy.rule = lambda request, rule=rule: rule
            self.assertIn(self.call("companies", text="Quarz").get("outcome"), ("down", "rejected"), rule)


class CompanyMakingCases(CompanyCases):
    """Of those, vendors that make one when they are asked to."""

    def make_company(self, outcome, name, marker=None, **more):
        return self.ok(outcome, "make_company", text=name, marker=marker or str(uuid.uuid4()), **more)

    def names(self):
        return sorted(name for name, _ in self.companies.rows.values())

    def test_a_company_is_made_once_and_found_after_that(self):
        self.addCleanup(self.companies.clear)
        name = 'Nordlicht "Süd" & Söhne GmbH \\ Co. KG'
        made = self.make_company("created", name)["companies"]
        self.assertEqual((len(made), made[0]["name"], self.names()), (1, name, [name]))
        self.assertIn(made[0]["id"], {str(number) for number in self.companies.rows})
        again = self.make_company("found", name)
        self.assertEqual((again["companies"][0]["id"], again["not_sent"], self.names()), (made[0]["id"], True, [name]))
        contact = {**self.sample(), "organization": name}
        record = self.ok("created", "create", marker=str(uuid.uuid4()), contact=contact, company=made[0]["id"])["records"][0]
        self.assertEqual(record["company"], made[0]["id"])

    def test_where_several_have_the_name_none_is_made(self):
        contact, both = self.two_of_one_name()
        told = self.make_company("many", contact["organization"])
        self.assertEqual(({c["id"] for c in told["companies"]}, len(self.companies.rows)), (set(both), 2))

    def test_a_company_whose_answer_got_lost_is_found(self):
        self.addCleanup(self.companies.clear)
        for fault, there in (("swallow", 1), ("drop", 0)):
            marker, name = str(uuid.uuid4()), f"Verloren {fault} AG"
            self.on_write(fault)
            self.assertFalse(self.make_company("uncertain", name, marker)["not_sent"])
            self.proxy.rule = lambda request: None
            self.assertEqual(self.names().count(name), there, fault)
            self.make_company("found" if there else "created", name, marker)
            self.assertEqual(self.names().count(name), 1, fault)

    def test_what_the_vendor_says_to_a_company_is_told(self):
        self.addCleanup(self.companies.clear)
        self.assertTrue(self.make_company("rejected", "x" * 300)["sentence"])
        for rule, outcome in ((("answer", 200, {}, b"<html>"), "uncertain"), (("answer", 429, {}, b""), "quota"), (("answer", 403, {}, b""), "rejected")):
            self.on_write(rule)
            self.make_company(outcome, "Nordlicht AG")
        self.assertEqual(self.names(), [])
