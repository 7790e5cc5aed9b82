#!/usr/bin/python3
"""The data generator keeps its promises: same seed same bytes, truth that is printed, text that is whole, pairs that hold."""
import hashlib
import io
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata
import unittest

import numpy
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
TOOL = HERE.parent.parent / "tools" / "generate"
sys.path[:0] = [str(TOOL), str(HERE)]

import cards  # noqa: E402
import contract  # noqa: E402
import fonts  # noqa: E402
import layouts  # noqa: E402
import ornament  # noqa: E402
import phones  # noqa: E402
import photo  # noqa: E402
import score  # noqa: E402
import stock  # noqa: E402


def maker(*more, seed=1):
    return cards.Maker(cards.arguments(["--out", "unused", "--seed", str(seed), "--size", "800", *more]))


def lettered(text):
    return score.normal("text", text)


class Printed(unittest.TestCase):
    """Flat cards: one of every layout, twice."""

    @classmethod
    def setUpClass(cls):
        cls.made = [maker(seed=3).card(i) for i in range(len(layouts.LAYOUTS) * 2)]

    def test_there_are_many_layouts_and_as_many_cards_reach_them_all(self):
        self.assertGreaterEqual(len(layouts.LAYOUTS), 20)
        self.assertEqual({m.card.layout.name for m in self.made[:len(layouts.LAYOUTS)]}, set(layouts.BY_NAME))

    def test_no_layout_and_no_typeface_is_in_two_splits(self):
        for names in (layouts.BY_NAME, fonts.FAMILIES):
            parts = [fonts.part(names, split) for split in fonts.SPLITS]
            self.assertEqual(sorted(sum(parts, [])), sorted(names))
        made = [maker("--split", "test").card(i).card for i in range(4)]
        self.assertLessEqual({c.layout.name for c in made}, set(fonts.part(layouts.BY_NAME, "test")))
        self.assertLessEqual({c.font for c in made}, set(fonts.part(fonts.FAMILIES, "test")))

    def test_all_languages_are_drawn(self):
        self.assertEqual({m.draft.lang for m in self.made}, {"de", "en", "fr", "it", "es", "pl", "tr"})

    def test_contacts_keep_the_contract(self):
        for m in self.made:
            self.assertEqual(contract.complaints(m.card.contact), [])

    def test_everything_in_the_truth_is_printed(self):
        for m in self.made:
            c, text = m.card.contact, lettered(" ".join(text for text, _ in m.sheet.lines))
            values = [c[f] for f in contract.SINGLES] + [p["raw"] for p in c["phones"]] + [e["value"] for e in c["emails"]]
            values += [u["value"].split("://")[1] for u in c["urls"]]
            values += [a[f] for a in c["addresses"] for f in ("street", "postal_code", "city", "region")]
            for value in filter(None, values):
                self.assertIn(lettered(value), text, m.card.layout.name)

    def test_a_card_always_names_somebody_who_can_be_reached(self):
        for m in self.made:
            self.assertTrue(m.card.contact["family_name"])
            self.assertTrue(m.card.contact["phones"] or m.card.contact["emails"])

    def test_no_fax_stands_without_a_word_or_a_sign(self):
        for m in self.made:
            if any(p["kind"] == "fax" for p in m.card.contact["phones"]):
                self.assertTrue(m.card.style.icons or m.card.style.labels[2], m.card.layout.name)

    def test_no_text_leaves_the_card(self):
        for m in self.made:
            w, h = m.sheet.image.size
            for text, (x0, y0, x1, y1) in m.sheet.lines:
                self.assertTrue(0 <= x0 < x1 <= w and 0 <= y0 < y1 <= h, f"{m.card.layout.name}: {text}")

    def test_no_text_covers_another(self):
        for m in self.made:
            boxes = m.sheet.lines
            for i, (text, a) in enumerate(boxes):
                for other, b in boxes[:i]:
                    apart = min(a[2], b[2]) - max(a[0], b[0]) <= 1 or min(a[3], b[3]) - max(a[1], b[1]) <= 1
                    self.assertTrue(apart, f"{m.card.layout.name}: {text} / {other}")

    def test_regions_stand_clear_of_each_other(self):
        for layout in layouts.LAYOUTS:
            boxes = [r.box for r in layout.regions]
            for i, a in enumerate(boxes):
                for b in boxes[:i]:
                    self.assertFalse(min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1]), f"{layout.name}: {a} {b}")

    def test_pictures_stand_clear_of_text(self):
        for layout in layouts.LAYOUTS:
            pictures = [b for b in (layout.emblem, layout.code) if b] + [p[1:] for p in layout.paint if p[0] == "portrait"]
            for a in pictures:
                for b in (r.box for r in layout.regions):
                    self.assertFalse(min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1]), layout.name)

    def test_ink_differs_from_paper_where_a_line_stands(self):
        for m in self.made:
            grey = numpy.asarray(m.sheet.image.convert("L"), int)
            for text, (x0, y0, x1, y1) in m.sheet.lines:
                patch = grey[int(y0):math.ceil(y1), int(x0):math.ceil(x1)]
                self.assertGreater(patch.max() - patch.min(), 60, f"{m.card.layout.name}: {text}")

    def test_the_smallest_typeface_package_is_enough(self):
        dejavu = fonts.files(fonts.FOLDER)
        with tempfile.TemporaryDirectory() as folder:
            for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
                pathlib.Path(folder, name).symlink_to(dejavu[name])
            alone = maker("--fonts", folder)
            self.assertEqual({alone.card(i).card.font for i in range(len(layouts.LAYOUTS))}, {"DejaVu Sans"})

    def test_a_typeface_without_the_letters_is_not_chosen(self):
        self.assertTrue(fonts.covers("DejaVu Sans", "Łódź şğı äöüß éèà"))
        self.assertFalse(fonts.covers("DejaVu Sans", "\U0001f3f4\U000e0067"))


class Seeds(unittest.TestCase):
    def run_cards(self, folder, *more):
        subprocess.run([sys.executable, TOOL / "cards.py", "--out", folder, "--count", "3", "--size", "800", *more], check=True)
        return pathlib.Path(folder, "truth.jsonl").read_bytes()

    def test_the_same_seed_gives_the_same_truth(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            first = self.run_cards(one, "--seed", "9")
            self.assertEqual(first, self.run_cards(two, "--seed", "9"))
            self.assertNotEqual(first, self.run_cards(two, "--seed", "10"))
            self.assertEqual(sorted(p.name for p in pathlib.Path(one).iterdir()), ["c0000.jpg", "c0001.jpg", "c0002.jpg", "truth.jsonl"])

    def test_the_same_seed_gives_the_same_pixels(self):
        for hard in "0123":
            one, two = (maker("--hard", hard, seed=4).picture(1)[0].image for _ in range(2))
            self.assertEqual(hashlib.sha256(one.tobytes()).digest(), hashlib.sha256(two.tobytes()).digest())

    def test_a_card_does_not_depend_on_the_cards_before_it(self):
        late, m = maker(seed=5).card(7), maker(seed=5)
        for i in range(7):
            m.card(i)
        self.assertEqual(m.card(7).card.contact, late.card.contact)
        self.assertEqual(m.card(7).sheet.image.tobytes(), late.sheet.image.tobytes())


class Photographed(unittest.TestCase):
    def inside(self, shot):
        w, h = shot.image.size
        for quad in shot.quads:
            for x, y in quad:
                self.assertTrue(0 <= x <= w - 1 and 0 <= y <= h - 1, f"({x}, {y}) outside {w} x {h}")
            turns = [numpy.cross(numpy.subtract(quad[(i + 1) % 4], quad[i]), numpy.subtract(quad[(i + 2) % 4], quad[(i + 1) % 4])) for i in range(4)]
            self.assertTrue(all(t > 0 for t in turns), "corners do not go clockwise")

    def test_cards_lie_inside_the_frame(self):
        for hard in range(4):
            for seed in range(30):
                rng = random.Random(seed)
                for turn in (0, 90, 180, 270):
                    for slot in photo.slots((800, 600), 1 + seed % 6):
                        quad = photo.place(rng, photo.project(rng, (850, 550), hard, turn), slot, hard)
                        self.assertTrue((quad >= 0).all() and (quad[:, 0] <= 799).all() and (quad[:, 1] <= 599).all())

    def test_the_quad_shows_the_card(self):
        for hard in (0, 1, 2):
            m = maker("--hard", str(hard), seed=6)
            for index in range(4):
                shot, made = m.picture(index)
                self.inside(shot)
                flat = made[0].sheet.image.convert("L").resize((170, 110))
                seen = shot.image.convert("L").transform((170, 110), Image.Transform.PERSPECTIVE, tuple(
                    photo.homography(shot.quads[0], [(0, 0), (170, 0), (170, 110), (0, 110)])), Image.Resampling.BILINEAR)
                detail = [a - numpy.asarray(Image.fromarray(a).resize((17, 11)).resize((170, 110))) for a in (numpy.asarray(x, numpy.float32) for x in (flat, seen))]
                self.assertGreater(numpy.corrcoef(detail[0].ravel(), detail[1].ravel())[0, 1], 0.5, f"hard {hard}, picture {index}")

    def test_several_cards_lie_apart(self):
        shot, made = maker("--multi", "5", seed=2).picture(0)
        self.inside(shot)
        self.assertEqual((len(shot.quads), len(made)), (5, 5))
        boxes = [(min(x for x, _ in q), min(y for _, y in q), max(x for x, _ in q), max(y for _, y in q)) for q in shot.quads]
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                self.assertTrue(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1])

    def test_no_card_gives_no_quad(self):
        m = maker("--none")
        shot, made = m.picture(0)
        self.assertEqual(cards.truth("x.jpg", shot, made, 1)["cards"], [])

    def test_a_scan_is_the_card_alone(self):
        shot, made = maker("--clean").picture(0)
        self.assertEqual(shot.image.tobytes(), made[0].sheet.image.tobytes())
        self.inside(shot)

    def test_stored_pixels_and_orientation_tag_give_the_picture(self):
        picture = Image.fromarray((numpy.indices((90, 120)).sum(axis=0) % 256).astype(numpy.uint8)).convert("RGB")
        for orientation in photo.STORED:
            stored = io.BytesIO()
            photo.Shot(picture, [], orientation, 0, 95).save(stored)
            shown = ImageOps.exif_transpose(Image.open(stored))
            self.assertEqual(shown.size, picture.size)
            self.assertLess(numpy.abs(numpy.asarray(shown, int) - numpy.asarray(picture, int)).mean(), 4, f"orientation {orientation}")


class Stocked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.contacts, cls.pairs = stock.build(1, 3000)
        cls.by_id = {c["id"]: c for c in cls.contacts}

    def test_the_same_seed_gives_the_same_stock(self):
        self.assertEqual(stock.build(8, 300), stock.build(8, 300))
        self.assertNotEqual(stock.build(8, 300), stock.build(9, 300))

    def test_there_are_as_many_records_as_asked_with_ids_of_their_own(self):
        self.assertEqual((len(self.contacts), len(self.by_id)), (3000, 3000))

    def test_contacts_keep_the_contract(self):
        for record in self.contacts:
            self.assertEqual(contract.complaints({k: v for k, v in record.items() if k not in ("id", "company_id")}), [])

    def test_pairs_name_records_once(self):
        for left, right, _ in self.pairs:
            self.assertIn(left, self.by_id)
            self.assertIn(right, self.by_id)
            self.assertLess(left, right)
        self.assertEqual(len({(a, b) for a, b, _ in self.pairs}), len(self.pairs))

    def test_every_kind_of_pair_occurs(self):
        kinds = {kind for _, _, kind in self.pairs}
        self.assertEqual(kinds, {"duplicate", "moved"} | {f"trap:{t}" for t in stock.TRAPS})

    def test_traps_are_what_they_are_called(self):
        for left, right, kind in self.pairs:
            a, b = self.by_id[left], self.by_id[right]
            if kind == "trap:mailbox" and a["emails"] and b["emails"] and not {"private", "other"} & {e["kind"] for e in a["emails"] + b["emails"]}:
                self.assertTrue(a["family_name"] != b["family_name"] or a["given_name"] != b["given_name"])
            if kind.startswith("trap:") and kind != "trap:namesake" and a["company_id"] and b["company_id"]:
                self.assertEqual(a["company_id"], b["company_id"])
            if kind in ("trap:namesake", "moved") and a["company_id"] and b["company_id"]:
                self.assertNotEqual(a["company_id"], b["company_id"])

    def test_duplicates_differ_and_most_still_share_something(self):
        pairs = [(self.by_id[a], self.by_id[b]) for a, b, kind in self.pairs if kind == "duplicate"]
        same = sum(score.values(a)[0] == score.values(b)[0] for a, b in pairs)
        shared = sum(bool(score.values(a)[0] & score.values(b)[0]) for a, b in pairs)
        self.assertLess(same / len(pairs), 0.1)
        self.assertGreater(shared / len(pairs), 0.95)

    def test_cards_of_the_stock_tell_what_is_new(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "stock.ndjson")
            path.write_text("".join(json.dumps(c) + "\n" for c in self.contacts[:400]), encoding="utf-8")
            m = maker("--cards-from", str(path))
        new = 0
        for i in range(40):
            made = m.card(i)
            said = cards.expected(made)
            record = self.by_id[said["id"]]
            self.assertEqual(contract.complaints(made.card.contact), [])
            self.assertEqual(lettered(made.card.contact["family_name"]), lettered(record["family_name"]))
            for d in said["differences"]:
                self.assertEqual((d["stock"], d["card"]), (record[d["field"]], made.card.contact[d["field"]]))
                self.assertNotEqual(d["stock"], d["card"])
                new += 1
        self.assertGreater(new, 10)


class Numbers(unittest.TestCase):
    def test_what_is_printed_has_the_digits_of_the_number(self):
        rng = random.Random(1)
        areas = {"DE": "931", "AT": "1", "CH": "44", "FR": "01", "IT": "02", "GB": "20 7946 0", "NL": "20", "PL": "22", "ES": "91"}
        for country, area in areas.items():
            for _ in range(60):
                main = phones.switchboard(rng, country, area)
                for number in (main, phones.direct(rng, main), phones.mobile(rng, country)):
                    raw = phones.printed(number, rng.random()).replace("(0)", "")
                    digits = "".join(c for c in raw if c.isdigit())
                    national = phones.e164(number)[1 + len(phones.CODE[country]):]
                    self.assertTrue(digits.endswith(national), f"{raw} is not {phones.e164(number)}")

    def test_german_numbers_ring_nowhere(self):
        rng = random.Random(2)
        self.assertTrue(all(phones.switchboard(rng, "DE", "30").main.startswith("1") for _ in range(50)))


class Scored(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        m = maker(seed=11)
        self.truth = [cards.truth(f"c{i:04d}.jpg", photo.flat(x.sheet.image), [x], 0) for i, x in enumerate(m.card(i) for i in range(6))]
        self.write("truth.jsonl", self.truth)

    def write(self, name, lines):
        (self.path / name).write_text("".join(json.dumps(x) + "\n" for x in lines), encoding="utf-8")

    def score(self, reads, *more):
        self.write("read.ndjson", reads)
        done = subprocess.run([sys.executable, TOOL / "score.py", self.path / "read.ndjson", self.path / "truth.jsonl", *more], capture_output=True, text=True, check=False)
        return done.returncode, float(done.stdout.split("F1 ")[-1])

    def test_the_truth_itself_scores_one(self):
        self.assertEqual(self.score([{"file": "some/" + t["file"], "contact": t["contact"]} for t in self.truth], "--min", "1"), (0, 1.0))

    def test_nothing_read_scores_none_and_fails_the_minimum(self):
        self.assertEqual(self.score([{"file": t["file"], "contact": None} for t in self.truth], "--min", "0.1"), (1, 0.0))

    def test_a_wrong_value_costs_precision_and_recall(self):
        reads = [{"file": t["file"], "contact": {**t["contact"], "family_name": "Wrong"}} for t in self.truth]
        total = sum(sum(n for (f, _), n in score.values(t["contact"])[0].items() if f not in t["implied"]) for t in self.truth)
        self.assertAlmostEqual(self.score(reads)[1], (total - 6) / total, places=3)

    def test_spelling_without_meaning_is_forgiven(self):
        t = self.truth[0]
        c = json.loads(json.dumps(t["contact"]))
        c["family_name"] = unicodedata.normalize("NFD", c["family_name"]).upper()
        c["urls"] = [{"value": "HTTP://" + u["value"].split("://")[1] + "/"} for u in c["urls"]]
        self.write("truth.jsonl", [t])
        self.assertEqual(self.score([{"file": t["file"], "contact": c}])[1], 1.0)

    def test_several_cards_are_matched_in_any_order(self):
        together = {"file": "m.jpg", "cards": [{"contact": t["contact"], "implied": t["implied"]} for t in self.truth]}
        self.write("truth.jsonl", [together])
        reads = [{"file": "m.jpg", "card": i, "contact": t["contact"]} for i, t in enumerate(reversed(self.truth))]
        self.assertEqual(self.score(reads)[1], 1.0)
        self.assertLess(self.score(reads[:3])[1], 0.8)


class Lists(unittest.TestCase):
    def test_lists_say_what_they_are_and_hold_each_entry_once(self):
        for path in sorted((TOOL / "words").glob("*.txt")):
            text = path.read_text(encoding="utf-8")
            self.assertIn("Hand-made list", text.split("\n\n")[0], path.name)
            entries = [line for line in text.splitlines() if line and not line.startswith("#")]
            self.assertEqual(len(entries), len(set(entries)), path.name)
            self.assertTrue(unicodedata.is_normalized("NFC", text), path.name)


class Codes(unittest.TestCase):
    def test_correction_words_make_every_root_a_zero(self):
        data = list(b"https://www.muster.example")
        word = data + ornament.qr_correction(data, 10)
        for root in range(10):
            total = 0
            for byte in word:
                total = (ornament.QR_EXP[ornament.QR_LOG[total] + root] if total else 0) ^ byte
            self.assertEqual(total, 0)

    def test_codes_have_three_finders_and_refuse_what_is_too_long(self):
        grid = ornament.qr_modules(b"https://www.muster.example")
        self.assertEqual(len(grid), 25)
        for row, column in ((0, 0), (0, 18), (18, 0)):
            self.assertTrue(all(grid[row][column:column + 7]) and grid[row + 3][column + 3] and not grid[row + 1][column + 1])
        with self.assertRaises(ValueError):
            ornament.qr_modules(b"x" * 140)


if __name__ == "__main__":
    unittest.main()
