/* See imap.h. Responses are read token by token straight from the wire: no response is ever held as a whole. */
#include "crm-connectors/mailbox/imap.h"

#include "base/clock.h"
#include "crm-connectors/mailbox/imap_token.h"

#include <time.h>

enum { RESPONSES_MAX = 100000 /* of one command */ };

/* ---- Commands ---- */

/* One untagged response, from behind its first word: returns 1 when it has read the whole line, 0 when the rest is to
 * be skipped, -1 on errors. */
typedef int untagged_fn(struct crm_imap *imap, void *self, struct crm_imap_token *token, struct err *err);

static int send_line(struct crm_imap *imap, struct str line, struct err *err)
{
    return imap->wire.send(imap->wire.self, line.p, line.n, err);
}

static int send_command(struct crm_imap *imap, struct err *err, const char *format, ...) _printf_(3, 4);
static int send_command(struct crm_imap *imap, struct err *err, const char *format, ...)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)64 * 1024);
    va_list args;
    va_start(args, format);
    struct str words = str_vprintf(arena, format, args);
    va_end(args);
    return send_line(imap, str_printf(arena, "k%u %.*s\r\n", ++imap->tag, STR_ARG(words)), err);
}

/* "OK …", "NO …", "BAD …" behind the tag. */
static int completed(struct crm_imap *imap, struct crm_imap_token *token, struct err *err)
{
    if (crm_imap_token(imap, token, err) < 0)
        return -1;
    bool ok = str_eq_nocase(crm_imap_word(token), STR("OK"));
    if (token->kind != IMAP_ATOM)
        return crm_imap_broken(err, "a completion without its word");
    if (!ok && !str_eq_nocase(crm_imap_word(token), STR("NO")) && !str_eq_nocase(crm_imap_word(token), STR("BAD")))
        return crm_imap_broken(err, "a completion without its word");
    if (crm_imap_text(imap, token, err) < 0)
        return -1;
    if (ok)
        return 0;
    err_set(err, ERR_CRM_REFUSED, "the mail server says no"); /* its words may quote what we asked for */
    return err_detail(err, "imap: NO or BAD, %zu bytes of words", token->n);
}

/* Reads responses until the one with our tag. */
static int responses(struct crm_imap *imap, untagged_fn *untagged, void *self, struct err *err)
{
    struct crm_imap_token token;
    char tag[16];
    (void)snprintf(tag, sizeof tag, "k%u", imap->tag);
    for (int i = 0; i < RESPONSES_MAX; i++) {
        imap->line = 0;
        if (crm_imap_token(imap, &token, err) < 0)
            return -1;
        if (token.kind == IMAP_ATOM && str_eq(crm_imap_word(&token), str_c(tag)))
            return completed(imap, &token, err);
        if (token.kind != IMAP_ATOM || !str_eq(crm_imap_word(&token), STR("*")))
            return crm_imap_broken(err, "a response that is neither ours nor untagged");
        if (crm_imap_token(imap, &token, err) < 0)
            return -1;
        if (str_eq_nocase(crm_imap_word(&token), STR("BYE")))
            return err_set(err, ERR_CRM_DOWN, "it hung up");
        int r = token.kind == IMAP_END ? 1 : untagged(imap, self, &token, err);
        if (r < 0 || (r == 0 && crm_imap_skip_response(imap, &token, err) < 0))
            return -1;
    }
    return crm_imap_broken(err, "no end of responses");
}

/* ---- EXAMINE ---- */

/* "OK [UIDVALIDITY 7] words": words may hold anything, so the line is text. */
static int folder_code(struct crm_imap *imap, struct crm_imap_folder *folder, struct crm_imap_token *token,
                       struct err *err)
{
    static const struct {
        struct str name;
        size_t offset;
    } codes[] = {{{"[UIDVALIDITY ", 13}, offsetof(struct crm_imap_folder, uid_validity)},
                 {{"[UIDNEXT ", 9}, offsetof(struct crm_imap_folder, uid_next)}};
    if (crm_imap_text(imap, token, err) < 0)
        return -1;
    struct str text = str_trim(crm_imap_word(token)), number;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        int64_t n;
        if (text.n <= codes[i].name.n || !str_eq_nocase(str_slice(text, 0, codes[i].name.n), codes[i].name))
            continue;
        struct str rest = str_slice(text, codes[i].name.n, text.n);
        if (!str_split(&rest, ']', &number) || !str_to_int(number, 1, UINT32_MAX, &n))
            return crm_imap_broken(err, "a UID that is none");
        uint32_t uid = (uint32_t)n;
        memcpy((char *)folder + codes[i].offset, &uid, sizeof uid);
    }
    return 1;
}

static int examine_one(struct crm_imap *imap, void *self, struct crm_imap_token *token, struct err *err)
{
    struct crm_imap_folder *folder = self;
    int64_t n;
    if (str_eq_nocase(crm_imap_word(token), STR("OK")))
        return folder_code(imap, folder, token, err);
    if (!str_to_int(crm_imap_word(token), 0, UINT32_MAX, &n))
        return 0;
    if (crm_imap_token(imap, token, err) < 0)
        return -1;
    if (str_eq_nocase(crm_imap_word(token), STR("EXISTS")))
        folder->exists = n;
    return token->kind == IMAP_END ? 1 : 0;
}

int crm_imap_examine(struct crm_imap *imap, struct crm_imap_folder *ret_folder, struct err *err)
{
    struct crm_imap_folder folder = {0};
    if (send_command(imap, err, "EXAMINE INBOX") < 0 || responses(imap, examine_one, &folder, err) < 0)
        return -1;
    if (folder.uid_validity == 0 || folder.uid_next == 0)
        return crm_imap_broken(err, "a folder without UIDVALIDITY or UIDNEXT");
    *ret_folder = folder;
    return 0;
}

/* ---- SEARCH ---- */

struct found {
    uint32_t after, *uids;
    size_t n;
};

/* Keeps the lowest, in order. */
static void found_add(struct found *found, uint32_t uid)
{
    size_t at = found->n;
    if (uid <= found->after)
        return;
    while (at > 0 && found->uids[at - 1] > uid)
        at--;
    if ((at > 0 && found->uids[at - 1] == uid) || at == CRM_IMAP_UIDS)
        return;
    size_t move = found->n - at - (found->n == CRM_IMAP_UIDS ? 1 : 0);
    memmove(found->uids + at + 1, found->uids + at, move * sizeof *found->uids);
    found->uids[at] = uid;
    found->n += found->n < CRM_IMAP_UIDS ? 1 : 0;
}

static int search_one(struct crm_imap *imap, void *self, struct crm_imap_token *token, struct err *err)
{
    uint32_t uid;
    if (!str_eq_nocase(crm_imap_word(token), STR("SEARCH")))
        return 0;
    for (;;) {
        if (crm_imap_token(imap, token, err) < 0)
            return -1;
        if (token->kind == IMAP_END)
            return 1;
        if (token->kind == IMAP_OPEN) /* "(MODSEQ 12)" */
            return 0;
        if (!crm_imap_uid(token, &uid))
            return crm_imap_broken(err, "a UID that is none");
        found_add(self, uid);
    }
}

/* "1-Dec-2026" (RFC 9051 date). */
static struct str imap_date(int64_t ms, char buf[40])
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    if (!gmtime_r(&seconds, &tm))
        return STR("1-Jan-1970");
    (void)snprintf(buf, 40, "%d-%.3s-%04d", tm.tm_mday, months + (ptrdiff_t)3 * tm.tm_mon, tm.tm_year + 1900);
    return str_c(buf);
}

int crm_imap_search(struct crm_imap *imap, uint32_t after, int64_t since_ms, uint32_t ret_uids[CRM_IMAP_UIDS],
                    size_t *ret_n, struct err *err)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    struct found found = {.after = after, .uids = ret_uids};
    char date[40];
    struct str day = since_ms > 0 ? imap_date(since_ms - DAY_MS, date) : STR_NONE;
    if (after == UINT32_MAX) {
        *ret_n = 0;
        return 0;
    }
    if (send_command(imap, err, "UID SEARCH UID %lu:*%s%.*s", (unsigned long)after + 1, day.p ? " SINCE " : "",
                     STR_ARG(day)) < 0 ||
        responses(imap, search_one, &found, err) < 0)
        return -1;
    *ret_n = found.n;
    return 0;
}

/* ---- FETCH ---- */

struct fetch {
    struct crm_imap_mail mail;
    char *to; /* where the literal goes */
    size_t room, n;
    int (*each)(void *self, const struct crm_imap_mail *mail, struct err *err);
    void *self;
};

/* The value of BODY[…]: a literal, a short string, or NIL. */
static int fetch_bytes(struct crm_imap *imap, struct fetch *fetch, struct crm_imap_token *token, struct err *err)
{
    fetch->n = 0;
    if (token->kind == IMAP_LITERAL) {
        if (token->length > fetch->room)
            return crm_imap_broken(err, "more than was asked for");
        fetch->n = (size_t)token->length;
        return crm_imap_literal(imap, token->length, fetch->to, fetch->room, err);
    }
    if (token->kind == IMAP_QUOTED && token->n < sizeof token->word && token->n <= fetch->room) {
        memcpy(fetch->to, token->word, token->n);
        fetch->n = token->n;
        return 0;
    }
    return token->kind == IMAP_ATOM && str_eq_nocase(crm_imap_word(token), STR("NIL"))
               ? 0
               : crm_imap_broken(err, "no text in BODY[]");
}

/* "(UID 7 RFC822.SIZE 123 BODY[…] {20}…)", in any order, with what we did not ask for left out. */
static int fetch_items(struct crm_imap *imap, struct fetch *fetch, struct crm_imap_token *token, struct err *err)
{
    for (;;) {
        if (crm_imap_token(imap, token, err) < 0)
            return -1;
        if (token->kind == IMAP_CLOSE)
            return 0;
        if (token->kind != IMAP_ATOM)
            return crm_imap_broken(err, "an item without its name");
        bool uid = str_eq_nocase(crm_imap_word(token), STR("UID"));
        bool size = str_eq_nocase(crm_imap_word(token), STR("RFC822.SIZE"));
        bool body = token->n > 5 && str_eq_nocase(str_slice(crm_imap_word(token), 0, 5), STR("BODY["));
        if (crm_imap_token(imap, token, err) < 0)
            return -1;
        if (uid && !crm_imap_uid(token, &fetch->mail.uid))
            return crm_imap_broken(err, "a UID that is none");
        if (size && !str_to_int(crm_imap_word(token), 0, INT64_MAX, &fetch->mail.size))
            return crm_imap_broken(err, "a size that is none");
        if (body ? fetch_bytes(imap, fetch, token, err) < 0 : crm_imap_skip_value(imap, token, err) < 0)
            return -1;
    }
}

static int fetch_one(struct crm_imap *imap, void *self, struct crm_imap_token *token, struct err *err)
{
    struct fetch *fetch = self;
    int64_t n;
    if (!str_to_int(crm_imap_word(token), 0, UINT32_MAX, &n))
        return 0;
    if (crm_imap_token(imap, token, err) < 0)
        return -1;
    if (!str_eq_nocase(crm_imap_word(token), STR("FETCH")))
        return token->kind == IMAP_END ? 1 : 0;
    fetch->mail = (struct crm_imap_mail){.uid = 0};
    fetch->n = 0;
    if (crm_imap_token(imap, token, err) < 0)
        return -1;
    if (token->kind != IMAP_OPEN)
        return crm_imap_broken(err, "a FETCH without its list");
    if (fetch_items(imap, fetch, token, err) < 0)
        return -1;
    fetch->mail.fields = (struct str){fetch->to, fetch->n};
    if (fetch->mail.uid && fetch->n && fetch->each(fetch->self, &fetch->mail, err) < 0)
        return -1;
    return 0;
}

int crm_imap_headers(struct crm_imap *imap, const uint32_t *uids, size_t n,
                     int (*each)(void *self, const struct crm_imap_mail *mail, struct err *err), void *self,
                     struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping((size_t)4 * CRM_IMAP_HEADER_MAX);
    struct fetch fetch = {.to = arena_alloc(arena, CRM_IMAP_HEADER_MAX), .room = CRM_IMAP_HEADER_MAX, .each = each};
    struct strbuf set = {.arena = arena};
    fetch.self = self;
    for (size_t i = 0; i < n; i++)
        strbuf_printf(&set, "%s%lu", i ? "," : "", (unsigned long)uids[i]);
    if (n == 0)
        return 0;
    return send_command(imap, err,
                        "UID FETCH %.*s (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SENDER REPLY-TO LIST-ID "
                        "AUTO-SUBMITTED)])",
                        STR_ARG(strbuf_str(&set))) < 0
               ? -1
               : responses(imap, fetch_one, &fetch, err);
}

/* Only the mail that was asked for counts: a server may speak of others at any time. */
struct wanted {
    uint32_t uid;
    size_t n;
};

static int body_each(void *self, const struct crm_imap_mail *mail, struct err *err)
{
    struct wanted *wanted = self;
    if (mail->uid != wanted->uid)
        return crm_imap_broken(err, "another mail than was asked for");
    wanted->n = mail->fields.n;
    return 0;
}

int crm_imap_body(struct crm_imap *imap, uint32_t uid, char *to, size_t room, size_t *ret_n, struct err *err)
{
    struct wanted wanted = {.uid = uid};
    struct fetch fetch = {.to = to, .room = room, .each = body_each, .self = &wanted};
    if (send_command(imap, err, "UID FETCH %lu (UID BODY.PEEK[]<0.%zu>)", (unsigned long)uid, room) < 0 ||
        responses(imap, fetch_one, &fetch, err) < 0)
        return -1;
    *ret_n = wanted.n;
    return 0;
}

/* ---- IDLE ---- */

/* "+ idling", possibly after news that were on their way. */
static int idle_begin(struct crm_imap *imap, struct crm_imap_token *token, bool *ret_news, struct err *err)
{
    for (int i = 0; i < RESPONSES_MAX; i++) {
        imap->line = 0;
        if (crm_imap_token(imap, token, err) < 0)
            return -1;
        struct str word = crm_imap_word(token);
        if (token->kind == IMAP_ATOM && str_eq(word, STR("+")))
            return crm_imap_text(imap, token, err);
        if (token->kind != IMAP_ATOM || !str_eq(word, STR("*")))
            return err_set(err, ERR_CRM_REFUSED, "the mail server does not tell news (IDLE)");
        *ret_news = true;
        if (crm_imap_token(imap, token, err) < 0 || crm_imap_skip_response(imap, token, err) < 0)
            return -1;
    }
    return crm_imap_broken(err, "no end of responses");
}

/* Untagged lines until one of them is news. "* OK Still here" is none. */
static int idle_wait(struct crm_imap *imap, int timeout_ms, bool *ret_news, struct err *err)
{
    struct crm_imap_token token;
    int64_t until = clock_mono_ms() + timeout_ms;
    while (!*ret_news) {
        int64_t left = until - clock_mono_ms();
        bool some;
        if (left <= 0)
            return 0;
        if (crm_imap_fill(imap, (int)left, &some, err) < 0)
            return -1;
        if (!some)
            return 0;
        imap->line = 0;
        if (crm_imap_token(imap, &token, err) < 0)
            return -1;
        if (token.kind != IMAP_ATOM || !str_eq(crm_imap_word(&token), STR("*")))
            return crm_imap_broken(err, "a response that is not untagged");
        if (crm_imap_token(imap, &token, err) < 0)
            return -1;
        if (str_eq_nocase(crm_imap_word(&token), STR("BYE")))
            return err_set(err, ERR_CRM_DOWN, "it hung up");
        int64_t n;
        *ret_news = token.kind == IMAP_ATOM && str_to_int(crm_imap_word(&token), 0, UINT32_MAX, &n);
        if (crm_imap_skip_response(imap, &token, err) < 0)
            return -1;
    }
    return 0;
}

static int nothing(struct crm_imap *imap, void *self, struct crm_imap_token *token, struct err *err)
{
    (void)imap, (void)self, (void)token, (void)err;
    return 0;
}

int crm_imap_idle(struct crm_imap *imap, int timeout_ms, bool *ret_news, struct err *err)
{
    struct crm_imap_token token;
    bool news = false;
    if (send_command(imap, err, "IDLE") < 0 || idle_begin(imap, &token, &news, err) < 0 ||
        idle_wait(imap, timeout_ms, &news, err) < 0 || send_line(imap, STR("DONE\r\n"), err) < 0 ||
        responses(imap, nothing, NULL, err) < 0)
        return -1;
    *ret_news = news;
    return 0;
}

void crm_imap_logout(struct crm_imap *imap)
{
    struct err ignored;
    (void)send_command(imap, &ignored, "LOGOUT");
}
