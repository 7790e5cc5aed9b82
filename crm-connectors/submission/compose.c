/* A letter as a message; see submission.h. Whatever a name or address holds, it stays inside its field. */
#include "base/clock.h"
#include "base/crypto.h"
#include "crm-connectors/submission/submission.h"

enum { LINE = 76, WORD_BYTES = 42 /* of UTF-8 in one encoded word of RFC 2047: 75 characters at most */ };

bool crm_letter_address(struct str address)
{
    size_t at_signs = 0;
    for (size_t i = 0; i < address.n; i++) {
        unsigned char c = (unsigned char)address.p[i];
        if (c <= ' ' || c >= 0x7f || strchr("<>()[]\\,;:\"", c))
            return false;
        at_signs += c == '@';
    }
    return at_signs == 1 && address.n <= 254 && address.p[0] != '@' && address.p[address.n - 1] != '@';
}

/* Folded at blanks between encoded words, none of which cuts a character. */
static void add_subject(struct strbuf *out, struct str subject, struct arena *arena)
{
    size_t from = 0;
    strbuf_add_c(out, "Subject:");
    while (from < subject.n) {
        size_t to = from, next = from;
        while (next < subject.n) {
            (void)utf8_next(subject, &next);
            if (next - from > WORD_BYTES)
                break;
            to = next;
        }
        struct str code = crypto_base64(str_slice(subject, from, to), arena);
        strbuf_printf(out, "%s=?utf-8?B?%.*s?=", from ? "\r\n " : " ", STR_ARG(code));
        from = to;
    }
    strbuf_add_c(out, "\r\n");
}

static void add_part(struct strbuf *out, const char *boundary, const char *type, struct str text, struct arena *arena)
{
    struct str code = crypto_base64(text, arena);
    strbuf_printf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary,
                  type);
    for (size_t i = 0; i < code.n; i += LINE) {
        strbuf_add(out, str_slice(code, i, i + LINE));
        strbuf_add_c(out, "\r\n");
    }
}

/* "Sun, 22 Nov 2026 03:18:00 +0000" of RFC 5322: RFC 9110's form with a number for the zone. */
static void add_date(struct strbuf *out, int64_t now_ms, struct arena *arena)
{
    struct str date = clock_http(now_ms, arena);
    strbuf_printf(out, "Date: %.*s +0000\r\n", (int)(date.n - strlen(" GMT")), date.p);
}

int crm_letter_compose(const struct crm_submission *via, const struct crm_letter *letter, int64_t now_ms,
                       struct arena *arena, struct str *ret_message, struct err *err)
{
    struct strbuf out = {.arena = arena};
    unsigned char dice[16];
    if (!crm_letter_address(letter->to) || !crm_letter_address(via->from))
        return err_set(err, ERR_INVALID, "an address that no mail can go to");
    if (!crm_egress_one_line(letter->subject))
        return err_set(err, ERR_INVALID, "a subject of several lines");
    crypto_random(dice, sizeof dice);
    const char *random = str_z(arena, crypto_hex((struct str){(const char *)dice, sizeof dice}, arena));
    struct str domain = str_slice(via->from, (size_t)str_find(via->from, STR("@"), 0) + 1, via->from.n);
    add_date(&out, now_ms, arena);
    strbuf_printf(&out, "From: Kartei <%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(via->from), STR_ARG(letter->to));
    add_subject(&out, letter->subject, arena);
    strbuf_printf(&out,
                  "Message-ID: <%s@%.*s>\r\nAuto-Submitted: auto-generated\r\nContent-Language: %s\r\n"
                  "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
                  random, STR_ARG(domain), letter->language, random);
    add_part(&out, random, "text/plain", letter->text, arena);
    add_part(&out, random, "text/html", letter->html, arena);
    strbuf_printf(&out, "--%s--\r\n", random);
    *ret_message = strbuf_str(&out);
    return 0;
}
