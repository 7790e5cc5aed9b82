#!/usr/bin/python3
"""The style judge convicts: each rule gets one planted fault in a small tree, and a clean tree passes."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
CLEAN = "/* Purpose. */\n#include \"base/err.h\"\n\nint ocr_do(int a)\n{\n    return a;\n}\n"


def judge(path, text, exceptions=""):
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "tools").mkdir()
        for table in ("layers.txt", "libraries.txt"):
            (root / "tools" / table).write_bytes((TOOLS / table).read_bytes())
        (root / "tools/style-exceptions.txt").write_text(exceptions)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        done = subprocess.run([sys.executable, str(TOOLS / "check_style.py"), "--root", name], capture_output=True, text=True)
        return done.returncode, done.stdout


class StyleJudge(unittest.TestCase):
    def convicts(self, rule, path, text):
        status, out = judge(path, text)
        self.assertEqual(status, 1, out)
        self.assertIn(f": {rule}: ", out)

    def test_clean_tree_passes(self):
        self.assertEqual(judge("ocr/a.c", CLEAN)[0], 0)

    def test_arrow_upwards(self):
        self.convicts("layer", "ocr/a.c", CLEAN.replace("base/err.h", "store/pg.h"))

    def test_neighbour(self):
        self.convicts("layer", "store/a.c", CLEAN.replace("base/err.h", "dedupe/dedupe.h"))

    def test_second_file_knows_a_library(self):
        self.convicts("library", "ocr/a.c", CLEAN.replace('"base/err.h"', "<libpq-fe.h>"))

    def test_second_way_out(self):
        self.convicts("way-out", "flow/a.c", CLEAN.replace("ocr_do", "flow_do").replace("return a;", "return crm_http_new(a);"))

    def test_long_function(self):
        self.convicts("function", "ocr/a.c", CLEAN.replace("    return a;\n", "    a++;\n" * 61))

    def test_many_parameters(self):
        self.convicts("params", "ocr/a.c", CLEAN.replace("int a)", "int a, int b, int c, int d, int e, int f, int g)"))

    def test_deep_nesting(self):
        self.convicts("nesting", "ocr/a.c", CLEAN.replace("    return a;\n", " " * 16 + "if (a)\n"))

    def test_long_file(self):
        self.convicts("size", "ocr/a.c", CLEAN + "int x;\n" * 500)

    def test_foreign_prefix(self):
        self.convicts("prefix", "ocr/a.h", "/* Purpose. */\nint read_it(int a);\n")

    def test_no_purpose(self):
        self.convicts("purpose", "ocr/a.c", CLEAN.split("\n", 1)[1])

    def test_act_without_words(self):
        self.convicts("words", "flow/a.c", CLEAN + '/* */\nstatic const char act[] = "contact.vanish";\n')
        self.convicts("words", "flow/a.c", CLEAN + 'void f(void)\n{\n    flow_read(desk->actor, "ghost", &id);\n}\n')

    def test_kind_without_words(self):
        self.convicts("words", "flow/a.c", CLEAN + 'static const struct flow_deed deed = {.kind = "ghost"};\n')

    def test_exception_needs_a_finding(self):
        status, out = judge("ocr/a.c", CLEAN, "size ocr/a.c because\n")
        self.assertEqual(status, 1)
        self.assertIn("no longer needed", out)

    def test_exception_excuses(self):
        self.assertEqual(judge("ocr/a.c", CLEAN + "int x;\n" * 500, "size ocr/a.c generated table\n")[0], 0)


if __name__ == "__main__":
    unittest.main()
