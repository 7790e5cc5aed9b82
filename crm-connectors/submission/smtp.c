/* Handing a message over by SMTP; see submission.h. libcurl has connected, encrypted and signed in (stream.h). The
 * server is not trusted: a reply has a ceiling, and its words go nowhere. */
#include "base/limits.h"
#include "crm-connectors/stream.h"
#include "crm-connectors/submission/submission.h"

enum { REPLY_BYTES = 8 * 1024, PATIENCE_MS = 30 * 1000 };

/* ---- The dialogue ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The number of a whole reply, of one line or several ("250-…", "250 …"); 0 while it is not whole, -1 when it is none.
 */
static int reply_code(struct str reply)
{
    struct str line;
    if (!str_ends(reply, STR("\r\n")))
        return 0;
    while (str_split(&reply, '\n', &line)) {
        bool numbered = line.n >= 4 && is_digit(line.p[0]) && is_digit(line.p[1]) && is_digit(line.p[2]);
        if (!numbered)
            return -1;
        if (line.p[3] != '-')
            return (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 + (line.p[2] - '0');
    }
    return 0;
}

static int read_reply(const struct crm_smtp_wire *wire, int *ret_code, struct err *err)
{
    char reply[REPLY_BYTES];
    size_t n = 0;
    int code = 0;
    while (code == 0) {
        size_t got = 0;
        if (n == sizeof reply)
            return err_set(err, ERR_CRM_DOWN, "it talks too much");
        if (wire->receive(wire->self, reply + n, sizeof reply - n, &got, err) < 0)
            return -1;
        if (got == 0)
            return err_set(err, ERR_CRM_DOWN, "it is too slow");
        n += got;
        code = reply_code((struct str){reply, n});
    }
    if (code < 0)
        return err_set(err, ERR_CRM_DOWN, "it speaks no SMTP");
    *ret_code = code;
    return 0;
}

/* Says a line and takes the answer, which must be `wanted`. */
static int say(const struct crm_smtp_wire *wire, struct str line, int wanted, struct err *err)
{
    int code;
    if (wire->send(wire->self, line.p, line.n, err) < 0 || read_reply(wire, &code, err) < 0)
        return -1;
    if (code / 100 == 4)
        return err_set(err, ERR_CRM_DOWN, "it takes no mail at present (%d)", code);
    return code / 10 == wanted / 10 ? 0 : err_set(err, ERR_CRM_REFUSED, "%d", code);
}

/* Lines that begin with a dot get another one (RFC 5321 section 4.5.2). */
static struct str dotted(struct str message, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < message.n; i++) {
        if (message.p[i] == '.' && (i == 0 || message.p[i - 1] == '\n'))
            strbuf_add_char(&out, '.');
        strbuf_add_char(&out, message.p[i]);
    }
    strbuf_add_c(&out, ".\r\n");
    return strbuf_str(&out);
}

int crm_smtp_deliver(const struct crm_smtp_wire *wire, struct str from, struct str to, struct str message,
                     struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    if (!crm_letter_address(from) || !crm_letter_address(to) || !str_ends(message, STR("\r\n")))
        return err_set(err, ERR_INVALID, "an address that no mail can go to");
    if (say(wire, str_printf(arena, "MAIL FROM:<%.*s>\r\n", STR_ARG(from)), 250, err) < 0 ||
        say(wire, str_printf(arena, "RCPT TO:<%.*s>\r\n", STR_ARG(to)), 250, err) < 0 ||
        say(wire, STR("DATA\r\n"), 354, err) < 0 || say(wire, dotted(message, arena), 250, err) < 0)
        return -1;
    struct err ignored; /* it has the mail: how it says goodbye is its own affair */
    (void)wire->send(wire->self, "QUIT\r\n", strlen("QUIT\r\n"), &ignored);
    return 0;
}

/* ---- The connection ---- */

static int wire_send(void *self, const char *p, size_t n, struct err *err)
{
    return crm_stream_send(self, p, n, PATIENCE_MS, err);
}

static int wire_receive(void *self, char *p, size_t n, size_t *ret_n, struct err *err)
{
    static const struct crm_patience patience = {PATIENCE_MS, -1};
    return crm_stream_receive(self, p, n, &patience, ret_n, err);
}

int crm_submission_send(struct crm_http *http, const struct crm_submission *via, const struct crm_letter *letter,
                        int64_t now_ms, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(crm_stream_freep) struct crm_stream *stream = NULL;
    struct crm_stream_to to = {.at = via->at, .user = via->user, .password = via->password};
    struct str message;
    to.at.submission = true;
    if (crm_letter_compose(via, letter, now_ms, arena, &message, err) < 0 ||
        crm_stream_open(http, &to, &stream, err) < 0)
        return -1;
    const struct crm_smtp_wire wire = {stream, wire_send, wire_receive};
    return crm_smtp_deliver(&wire, via->from, letter->to, message, err);
}
