/* kartei-audit-verify [--heads FILE] [--key HEX] < LINES: walks an exported audit trail ("HASH JSON" a line, made by
 * `kartei admin audit export`) and names the first entry that was changed, moved, added or taken away. Knows no
 * database: what it trusts is SHA-256, the signed heads kept elsewhere, and the public key it is given. */
#include "base/crypto.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>

enum { HEX = 2 * CRYPTO_HASH, GOOD = 0, USAGE = 2, BAD = 4 };

static const char help[] =
    "Usage: kartei admin audit export --org ID | kartei-audit-verify --heads KARTEI_VAR/audit/ID.heads --key HEX\n"
    "HEX is what `kartei admin audit key` printed once; keep it apart. Exit status: 0 whole, 4 tampered.\n";

__attribute__((format(printf, 2, 3))) static int say(int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    return status;
}

/* A signed head: entry `seq` has this hash. */
struct head {
    long long seq;
    char hash[HEX + 1];
};
struct heads {
    struct head *items;
    size_t n;
};

/* "ORG SEQ HASH AT SIGNATURE" */
static bool head_read(char *line, const struct crypto_key *key, struct head *ret_head)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(65536);
    char *last = strrchr(line, ' '), *seq = strchr(line, ' ');
    char *hash = seq ? strchr(seq + 1, ' ') : NULL;
    struct str signature;
    struct err err;
    if (!last || !hash || strlen(hash) < HEX + 1)
        return false;
    if (key && (crypto_base64url_decode(str_c(last + 1), arena, &signature, &err) < 0 ||
                !crypto_ed25519_good(key, (struct str){line, (size_t)(last - line)}, signature)))
        return false;
    ret_head->seq = strtoll(seq + 1, NULL, 10);
    memcpy(ret_head->hash, hash + 1, HEX);
    ret_head->hash[HEX] = '\0';
    return true;
}

static int heads_load(const char *path, const struct crypto_key *key, struct heads *heads)
{
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return say(USAGE, "%s: %s\n", path, strerror(errno));
    for (long long number = 1; getline(&line, &room, file) > 0; number++) {
        line[strcspn(line, "\n")] = '\0';
        heads->items = reallocarray(heads->items, heads->n + 1, sizeof *heads->items);
        if (!heads->items)
            abort();
        if (!head_read(line, key, &heads->items[heads->n++]))
            return say(BAD, "the head in line %lld of %s is not signed by this key\n", number, path);
    }
    free(line);
    (void)fclose(file);
    return GOOD;
}

static int bad(long long from, long long to, const char *what)
{
    if (from == to)
        (void)printf("first bad entry: %lld (%s)\n", from, what);
    else
        (void)printf("first bad entry: one of %lld to %lld (%s)\n", from, to, what);
    return BAD;
}

/* Heads at or behind `seq` must say the same of it; *ret_sure is the last entry that a head vouches for. */
static bool heads_agree(const struct heads *heads, long long seq, const char *hash, long long *ret_sure)
{
    for (size_t i = 0; i < heads->n; i++) {
        if (heads->items[i].seq != seq)
            continue;
        if (strcmp(heads->items[i].hash, hash) != 0)
            return false;
        *ret_sure = seq;
    }
    return true;
}

static int walk(const struct heads *heads)
{
    struct crypto_hash chain = {{0}};
    char *line = NULL;
    size_t room = 0;
    long long seq = 0, sure = 0, newest = 0;
    for (ssize_t n; (n = getline(&line, &room, stdin)) > 0;) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(65536);
        line[n - 1] = '\0';
        seq++;
        if (n < HEX + 8 || line[HEX] != ' ' || strncmp(line + HEX + 1, "{\"seq\":", 7) != 0 ||
            strtoll(line + HEX + 8, NULL, 10) != seq)
            return bad(seq, seq, "missing, added or moved");
        struct crypto_digest *digest = crypto_digest_new();
        crypto_digest_add(digest, chain.b, sizeof chain.b);
        crypto_digest_add(digest, line + HEX + 1, (size_t)n - HEX - 2);
        chain = crypto_digest_end(&digest);
        struct str hash = crypto_hex(crypto_hash_str(&chain), arena);
        line[HEX] = '\0';
        if (!str_eq(hash, str_c(line)))
            return bad(seq, seq, "changed");
        if (!heads_agree(heads, seq, line, &sure))
            return bad(sure + 1, seq, "the chain was written anew");
    }
    free(line);
    for (size_t i = 0; i < heads->n; i++)
        newest = heads->items[i].seq > newest ? heads->items[i].seq : newest;
    if (newest > seq)
        return bad(seq + 1, seq + 1, "cut off at the end");
    (void)printf("%lld entries, whole; signed up to %lld\n", seq, sure);
    return GOOD;
}

static bool key_read(const char *hex, struct crypto_key *ret_key)
{
    bool good = strlen(hex) == 2 * CRYPTO_KEY && strspn(hex, "0123456789abcdef") == 2 * CRYPTO_KEY;
    for (size_t i = 0; good && i < CRYPTO_KEY; i++)
        ret_key->b[i] = (unsigned char)strtoul((const char[]){hex[2 * i], hex[2 * i + 1], '\0'}, NULL, 16);
    return good;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {{"heads", required_argument, NULL, 'h'},
                                          {"key", required_argument, NULL, 'k'},
                                          {"help", no_argument, NULL, '?'},
                                          {0}};
    struct heads heads = {.n = 0};
    struct crypto_key key;
    const char *file = NULL, *hex = NULL;
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == '?')
            return say(USAGE, "%s", help);
        *(c == 'h' ? &file : &hex) = optarg;
    }
    if (hex && !key_read(hex, &key))
        return say(USAGE, "--key is 64 hex digits\n");
    int status = file ? heads_load(file, hex ? &key : NULL, &heads) : GOOD;
    if (status == GOOD)
        status = walk(&heads);
    free(heads.items);
    return status;
}
