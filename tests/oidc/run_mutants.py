#!/usr/bin/python3
"""Faults planted in the verifier of ID tokens: every one of them has to be noticed by the unit tests.

Each is a text of a source file and what takes its place. The file is compiled anew with the build's own flags and linked before the
library it belongs to. Every fourth fault; KARTEI_MUTANTS=all: all of them (a minute).
"""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["KARTEI_BUILD"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
ID_TOKEN, JWT, SIGNATURE, PROVIDER = ("crm-connectors/oidc/id_token.c", "base/jose/jwt.c", "base/jose/signature.c", "crm-connectors/oidc/provider.c")
FAULTS = [
    ("issuer not compared", ID_TOKEN, "!str_eq(claims->iss, issuer)", "false"),
    ("issuer may be missing", ID_TOKEN, "!claims->iss.p || ", "claims->iss.p && "),
    ("tenant of any spelling", ID_TOKEN, "!id_parse(tenant, &id) || !str_eq(id_str(&id), tenant)", "!tenant.p"),
    ("audience not looked at", ID_TOKEN, "!audience_fine(claims->aud, rules->client_id, arena)", "false"),
    ("one of several audiences", ID_TOKEN, "items.n == 1", "items.n >= 1"),
    ("azp not compared", ID_TOKEN, "claims->azp.p && !str_eq(claims->azp, rules->client_id)", "false"),
    ("expiry not looked at", ID_TOKEN, "claims->exp <= now_s - CRM_OIDC_LEEWAY_S", "false"),
    ("expiry may be missing", ID_TOKEN, "claims->exp <= 0 || claims->exp <=", "claims->exp > 0 && claims->exp <="),
    ("a leeway of an hour", ID_TOKEN, "now_s - CRM_OIDC_LEEWAY_S)\n        return CRM_ID_EXP", "now_s - 3600)\n        return CRM_ID_EXP"),
    ("iat may lie ahead", ID_TOKEN, "claims->iat > now_s + CRM_OIDC_LEEWAY_S", "false"),
    ("iat may be old", ID_TOKEN, "claims->iat < now_s - CRM_OIDC_OLDEST_S - CRM_OIDC_LEEWAY_S", "false"),
    ("nbf not looked at", ID_TOKEN, "claims->nbf > now_s + CRM_OIDC_LEEWAY_S ?", "false ?"),
    ("nonce not compared", ID_TOKEN, "!crypto_equal(claims->nonce, rules->nonce)", "false"),
    ("nonce may be missing", ID_TOKEN, "!claims->nonce.p || str_empty(rules->nonce) || ", "claims->nonce.p && "),
    ("any subject", ID_TOKEN, "!subject_fine(claims->sub)", "false"),
    ("at_hash not compared", ID_TOKEN, "access_fits(claims->at_hash, rules->access, arena) ?", "true ?"),
    ("signature not asked", ID_TOKEN, "verdict != JOSE_GOOD", "verdict == JOSE_NO_KEY"),
    ("keys of any issuer", ID_TOKEN, "!key_is_issuers(key, &claims, arena)", "false"),
    ("email_verified in any spelling", ID_TOKEN, 'return str_eq(json, STR("true"))', 'return json.p || str_eq(json, STR("true"))'),
    ("alg: what is not known is RS256", JWT, 'return refuse(err, "alg");', "jwt->kid = header.kid;\n    return 0;"),
    ("crit not looked at", JWT, "if (header.crit.p)", "if (false)"),
    ("typ not looked at", JWT, 'header.typ.p && !str_eq_nocase(header.typ, STR("JWT"))', "false"),
    ("kid not compared", JWT, "(jwt->kid.p && !str_eq(jwk.kid, jwt->kid))", "false"),
    ("the last of several keys", JWT, "if (n != 1)", "if (n == 0)"),
    ("keys for encryption", JWT, "!may_verify(ret_jwk)", "false"),
    ("keys of another algorithm", JWT, "if (ret_jwk->alg.p && !str_eq", "if (false && !str_eq"),
    ("every signature is good", JWT, "!jose_verify(jwt->alg, &found, jwt->text, jwt->signature)", "false"),
    ("short RSA keys", SIGNATURE, "BN_num_bits(n) >= RSA_LEAST_BITS", "true"),
    ("a failed check is good", SIGNATURE, "EVP_DigestVerify(ctx, sig, n, bytes_of(data), data.n) == 1", "EVP_DigestVerify(ctx, sig, n, bytes_of(data), data.n) >= -1"),
    ("Microsoft's address by email_verified", PROVIDER, "return identity->email_domain_owned;", "return identity->email_verified;"),
    ("Google's address of any domain", PROVIDER, "str_eq_nocase(domain, identity->tenant)", "true"),
    ("another issuer's description", PROVIDER, "if (!issuer_is(said.issuer, issuer))", "if (false)"),
    ("endpoints of any address", PROVIDER, "if (crm_egress_url(url, allow, arena, &target, &why) < 0)\n        return err_set(err, ERR_INVALID, \"%s: %s\"",
     "if (false && crm_egress_url(url, allow, arena, &target, &why) < 0)\n        return err_set(err, ERR_INVALID, \"%s: %s\""),
]
TRIED = FAULTS if os.environ.get("KARTEI_MUTANTS") == "all" else FAULTS[::4]
TESTS = ("tests/unit/crm-connectors/test_crm_id_token", "tests/unit/base/test_base_jose")


def commands():
    return {str(pathlib.Path(row["file"])): row for row in json.loads((BUILD / "compile_commands.json").read_text())}


def flags(row):
    words, kept, skip = shlex.split(row["command"]), [], False
    for word in words:
        if skip or word in ("-o", "-c", "-MF", "-MQ"):
            skip = not skip
            continue
        kept.append(word)
    return [word for word in kept if word not in ("-MD", "-Werror", "-O3", "-O2")]


def link_line(target):
    """How the test program was linked, from the build's own file."""
    text = subprocess.run(["ninja", "-C", str(BUILD), "-t", "commands", target], check=True, capture_output=True, text=True).stdout
    return shlex.split(text.splitlines()[-1])


class Mutants(unittest.TestCase):
    def test_each_fault_is_noticed(self):
        rows = {str((pathlib.Path(row["directory"]) / name).resolve()): row for name, row in commands().items()}
        noticed, lines = 0, {test: link_line(test) for test in TESTS}
        with tempfile.TemporaryDirectory() as folder:
            for name, path, old, new in [("none: the sources as they are", ID_TOKEN, "", ""), *TRIED]:
                with self.subTest(name):
                    text = (SOURCE / path).read_text(encoding="utf-8")
                    if old:
                        self.assertEqual(text.count(old), 1, "the fault has no place")
                    mutant = pathlib.Path(folder) / "mutant.c"
                    mutant.write_text(text.replace(old, new) if old else text, encoding="utf-8")
                    row = rows[str((SOURCE / path).resolve())]
                    subprocess.run([*flags(row), "-w", "-O0", "-U_FORTIFY_SOURCE", "-c", str(mutant), "-o", str(mutant) + ".o"], check=True, cwd=row["directory"])
                    results = []
                    for test in TESTS:
                        if any(results):
                            break
                        line = list(lines[test])
                        at = line.index("-o") + 1
                        line[at] = str(pathlib.Path(folder) / "test")
                        subprocess.run([*line[:at + 1], str(mutant) + ".o", *line[at + 1:]], check=True, cwd=BUILD)
                        results.append(subprocess.run([line[at]], capture_output=True, timeout=120).returncode)
                    self.assertEqual(any(results), bool(old), "not noticed")
                    noticed += bool(old)
        print(f'{{"faults": {len(TRIED)}, "noticed": {noticed}}}')


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False).result.wasSuccessful())
