/* See imap_token.h. */
#include "crm-connectors/mailbox/imap_token.h"

#include "base/crypto.h"

enum {
    LINE_MAX = 64 * 1024 * 1024, /* of one response without its literals: a SEARCH may name millions */
    LITERAL_MAX = 64 * 1024 * 1024,
    DEPTH_MAX = 64,
};

/* ---- Bytes ---- */

int crm_imap_broken(struct err *err, const char *what)
{
    err_set(err, ERR_CRM_DOWN, "it does not speak IMAP");
    return err_detail(err, "imap: %s", what);
}

int crm_imap_fill(struct crm_imap *imap, int timeout_ms, bool *ret_some, struct err *err)
{
    size_t got = 0;
    *ret_some = true;
    if (imap->at < imap->n)
        return 0;
    if (imap->wire.receive(imap->wire.self, imap->buf, sizeof imap->buf, timeout_ms, &got, err) < 0)
        return -1;
    imap->at = 0;
    imap->n = got;
    *ret_some = got > 0;
    if (got == 0 && timeout_ms == 0)
        return err_set(err, ERR_CRM_DOWN, "it is too slow");
    return 0;
}

static int peek(struct crm_imap *imap, char *ret, struct err *err)
{
    bool some;
    if (crm_imap_fill(imap, 0, &some, err) < 0)
        return -1;
    *ret = imap->buf[imap->at];
    return 0;
}

static int next(struct crm_imap *imap, char *ret, struct err *err)
{
    if (peek(imap, ret, err) < 0)
        return -1;
    imap->at++;
    return ++imap->line > LINE_MAX ? crm_imap_broken(err, "an endless response") : 0;
}

int crm_imap_literal(struct crm_imap *imap, uint64_t n, char *to, size_t room, struct err *err)
{
    bool some;
    while (n > 0) {
        if (crm_imap_fill(imap, 0, &some, err) < 0)
            return -1;
        size_t piece = imap->n - imap->at;
        piece = piece > n ? (size_t)n : piece;
        size_t kept = piece < room ? piece : room;
        if (kept) {
            memcpy(to, imap->buf + imap->at, kept);
            to += kept;
            room -= kept;
        }
        crypto_wipe(imap->buf + imap->at, piece);
        imap->at += piece;
        n -= piece;
    }
    return 0;
}

/* ---- Tokens ---- */

static void keep(struct crm_imap_token *token, char c)
{
    if (token->n < sizeof token->word)
        token->word[token->n++] = c;
}

static int line_end(struct crm_imap *imap, struct err *err)
{
    char c;
    if (next(imap, &c, err) < 0)
        return -1;
    return c == '\n' ? 0 : crm_imap_broken(err, "CR without LF");
}

static int read_quoted(struct crm_imap *imap, struct crm_imap_token *token, struct err *err)
{
    char c;
    token->kind = IMAP_QUOTED;
    for (;;) {
        if (next(imap, &c, err) < 0)
            return -1;
        if (c == '"')
            return 0;
        if (c == '\\' && next(imap, &c, err) < 0)
            return -1;
        if (c == '\r' || c == '\n' || c == '\0')
            return crm_imap_broken(err, "a line end in a string");
        keep(token, c);
    }
}

/* {123}, {123+} and ~{123}: the brace is read already. */
static int read_literal_head(struct crm_imap *imap, struct crm_imap_token *token, struct err *err)
{
    uint64_t n = 0;
    int digits = 0;
    char c;
    token->kind = IMAP_LITERAL;
    for (;;) {
        if (next(imap, &c, err) < 0)
            return -1;
        if (c < '0' || c > '9')
            break;
        n = n * 10 + (uint64_t)(c - '0');
        if (++digits > 10 || n > LITERAL_MAX)
            return crm_imap_broken(err, "a literal that is too large");
    }
    if (c == '+' && next(imap, &c, err) < 0)
        return -1;
    if (digits == 0 || c != '}')
        return crm_imap_broken(err, "a literal without its length");
    token->length = n;
    if (next(imap, &c, err) < 0)
        return -1;
    return c == '\r' ? line_end(imap, err) : crm_imap_broken(err, "a literal without its line end");
}

/* An atom; "BODY[HEADER.FIELDS (FROM)]<0>" is one. */
static int read_atom(struct crm_imap *imap, char c, struct crm_imap_token *token, struct err *err)
{
    bool section = false;
    token->kind = IMAP_ATOM;
    for (;;) {
        keep(token, c);
        section = c == '[' ? true : c == ']' ? false : section;
        if (peek(imap, &c, err) < 0)
            return -1;
        if (c == '\r' || c == '\n' || (!section && (c == ' ' || c == '(' || c == ')' || c == '"')))
            return 0;
        if (next(imap, &c, err) < 0)
            return -1;
    }
}

int crm_imap_token(struct crm_imap *imap, struct crm_imap_token *token, struct err *err)
{
    char c = ' ';
    token->n = 0;
    token->length = 0;
    while (c == ' ')
        if (next(imap, &c, err) < 0)
            return -1;
    switch (c) {
    case '\r':
        token->kind = IMAP_END;
        return line_end(imap, err);
    case '\n':
    case '\0':
        return crm_imap_broken(err, "a bare line end");
    case '(':
        token->kind = IMAP_OPEN;
        return 0;
    case ')':
        token->kind = IMAP_CLOSE;
        return 0;
    case '"':
        return read_quoted(imap, token, err);
    case '{':
        return read_literal_head(imap, token, err);
    default:
        return read_atom(imap, c, token, err);
    }
}

int crm_imap_text(struct crm_imap *imap, struct crm_imap_token *token, struct err *err)
{
    char c;
    token->n = 0;
    for (;;) {
        if (next(imap, &c, err) < 0)
            return -1;
        if (c == '\r')
            return line_end(imap, err);
        if (c == '\n')
            return crm_imap_broken(err, "a bare line end");
        keep(token, c);
    }
}

int crm_imap_skip_response(struct crm_imap *imap, struct crm_imap_token *token, struct err *err)
{
    static const char *const statuses[] = {"OK", "NO", "BAD", "PREAUTH", "BYE"};
    if (token->kind == IMAP_END)
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
        if (token->kind == IMAP_ATOM && str_eq_nocase(crm_imap_word(token), str_c(statuses[i])))
            return crm_imap_text(imap, token, err);
    for (;;) {
        if (crm_imap_token(imap, token, err) < 0)
            return -1;
        if (token->kind == IMAP_END)
            return 0;
        if (token->kind == IMAP_LITERAL && crm_imap_literal(imap, token->length, NULL, 0, err) < 0)
            return -1;
    }
}

int crm_imap_skip_value(struct crm_imap *imap, struct crm_imap_token *token, struct err *err)
{
    int depth = 0;
    for (;;) {
        if (token->kind == IMAP_LITERAL && crm_imap_literal(imap, token->length, NULL, 0, err) < 0)
            return -1;
        depth += token->kind == IMAP_OPEN ? 1 : token->kind == IMAP_CLOSE ? -1 : 0;
        if (token->kind == IMAP_END || depth < 0 || depth > DEPTH_MAX)
            return crm_imap_broken(err, "brackets that do not match");
        if (depth == 0)
            return 0;
        if (crm_imap_token(imap, token, err) < 0)
            return -1;
    }
}

bool crm_imap_uid(const struct crm_imap_token *token, uint32_t *ret_uid)
{
    int64_t n;
    if (token->kind != IMAP_ATOM || !str_to_int(crm_imap_word(token), 1, UINT32_MAX, &n))
        return false;
    *ret_uid = (uint32_t)n;
    return true;
}
