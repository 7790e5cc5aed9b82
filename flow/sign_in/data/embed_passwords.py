#!/usr/bin/python3
"""embed_passwords.py LIST.txt OUT.c: the list as one text between line ends, for bisection; refuses a list out of order."""
import sys


def main():
    source, out = sys.argv[1:]
    with open(source, "rb") as f:
        words = [line for line in f.read().splitlines() if not line.startswith(b"# ")]
    if words != sorted(set(words)):
        sys.exit(f"{source} is not sorted by byte")
    data = b"\n" + b"".join(word + b"\n" for word in words)
    with open(out, "w", encoding="ascii") as f:
        f.write("/* Made by flow/sign_in/data/embed_passwords.py; do not edit. */\n#include \"flow/sign_in/password_rule.h\"\n\n")
        f.write("static const unsigned char text[] = {\n")
        for i in range(0, len(data), 24):
            f.write("    " + "".join(f"{b}," for b in data[i:i + 24]) + "\n")
        f.write("};\nconst struct str flow_common_passwords = {(const char *)text, sizeof text};\n")


if __name__ == "__main__":
    main()
