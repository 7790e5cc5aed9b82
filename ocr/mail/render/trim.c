/* One walk over the lines of a mail; see trim.h. */
#include "ocr/mail/render/trim.h"

enum place { HEAD, PART_HEAD, TEXT, SKIPPED };

struct trimmer {
    struct str rest;
    char *out;
    size_t n, room;
    enum place place;
    size_t field, field_n; /* where the present field begins in out; bytes of it */
    bool keep_field;       /* the present field is copied */
    bool field_cut;        /* its other lines are not */
    bool skip_part;        /* what the present head announces is no text */
    struct str boundaries[OCR_MAIL_MULTIPARTS + 2];
    size_t multiparts, parts;
    bool full;
    struct ocr_mail_head head;
};

/* The next line with its end. */
static bool next_line(struct trimmer *t, struct str *ret_line)
{
    if (t->rest.n == 0)
        return false;
    const char *end = memchr(t->rest.p, '\n', t->rest.n);
    size_t n = end ? (size_t)(end - t->rest.p) + 1 : t->rest.n;
    *ret_line = str_slice(t->rest, 0, n);
    t->rest = str_slice(t->rest, n, t->rest.n);
    return true;
}

static bool blank(struct str line)
{
    return line.n == 0 || line.p[0] == '\n' || (line.p[0] == '\r' && (line.n == 1 || line.p[1] == '\n'));
}

static void copy(struct trimmer *t, struct str s)
{
    if (s.n > t->room - t->n) {
        t->full = true;
        return;
    }
    memcpy(t->out + t->n, s.p, s.n);
    t->n += s.n;
}

static bool field_is(struct str line, const char *name)
{
    size_t n = strlen(name);
    return line.n > n && line.p[n] == ':' && str_eq_nocase(str_slice(line, 0, n), str_c(name));
}

static bool has(struct str line, const char *word, struct arena *arena)
{
    return str_find(str_lower(arena, str_slice(line, 0, OCR_MAIL_HEADER)), str_c(word), 0) >= 0;
}

static bool any_of(struct str line, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (field_is(line, names[i]))
            return true;
    return false;
}

/* What a field of the head says about the kind of mail; these are not copied. */
static void judge_field(struct trimmer *t, struct str line, struct arena *arena)
{
    static const char *const automatic[] = {"X-Autoreply",          "X-Autorespond",   "X-AutoReply-From",
                                            "X-Auto-Response-From", "X-GitHub-Reason", "X-Failed-Recipients"};
    static const char *const campaign[] = {"List-Unsubscribe-Post", "X-Campaign",       "X-CampaignID", "X-Campaign-Id",
                                           "X-Mailgun-Tag",         "X-MC-User",        "Feedback-ID",  "X-MailingID",
                                           "X-Mailer-RecptId",      "X-CSA-Complaints", "X-Newsletter"};
    static const char *const discussion[] = {"List-Post", "X-BeenThere", "X-Mailman-Version", "X-Mailing-List"};
    struct ocr_mail_head *head = &t->head;
    head->automatic |= any_of(line, automatic, ARRAY_LEN(automatic));
    head->campaign |= any_of(line, campaign, ARRAY_LEN(campaign));
    head->discussion |= any_of(line, discussion, ARRAY_LEN(discussion)) && !has(line, "<no>", arena);
    head->unsubscribe |= field_is(line, "List-Unsubscribe");
    if (field_is(line, "Precedence")) {
        head->unsubscribe |= has(line, "bulk", arena) || has(line, "junk", arena);
        head->automatic |= has(line, "auto_reply", arena) || has(line, "auto-reply", arena);
    } else if (field_is(line, "Auto-Submitted")) {
        head->automatic |= has(line, "auto-", arena);
    } else if (field_is(line, "X-Auto-Response-Suppress")) {
        head->automatic |= has(line, "all", arena);
    } else if (field_is(line, "Return-Path")) {
        head->bounce |= has(line, "<>", arena);
    }
}

/* Fields that the parser needs. */
static bool wanted(struct str line)
{
    static const char *const names[] = {"From", "Sender", "Subject", "MIME-Version"};
    return any_of(line, names, ARRAY_LEN(names)) ||
           (line.n > 8 && str_eq_nocase(str_slice(line, 0, 8), STR("Content-")));
}

/* The value of boundary=, as it is written. */
static struct str boundary_of(struct str field, struct str lower)
{
    ptrdiff_t at = str_find(lower, STR("boundary="), 0);
    if (at < 0)
        return STR_NONE;
    struct str value = str_slice(field, (size_t)at + strlen("boundary="), field.n);
    bool quoted = value.n > 0 && value.p[0] == '"';
    size_t n = quoted;
    while (n < value.n && (quoted ? value.p[n] != '"' : value.p[n] > ' ' && value.p[n] != ';'))
        n++;
    return str_slice(value, quoted, n);
}

/* What the whole field that was just copied means for the part. */
static void close_field(struct trimmer *t, struct arena *arena)
{
    struct str field = {t->out + t->field, t->n - t->field};
    t->field = t->n;
    if (!t->keep_field || field.n == 0)
        return;
    t->head.from |= t->place == HEAD && field_is(field, "From");
    bool type = field_is(field, "Content-Type");
    if (!type && !field_is(field, "Content-Disposition"))
        return;
    struct str lower = str_lower(arena, field);
    struct str value = str_trim(str_slice(lower, (size_t)str_find(lower, STR(":"), 0) + 1, lower.n));
    if (!type)
        t->skip_part |= str_starts(value, STR("attachment"));
    else if (str_starts(value, STR("multipart/")))
        t->boundaries[t->multiparts++] = boundary_of(field, lower);
    else
        t->skip_part |= !str_starts(value, STR("text/")) && value.n > 0;
}

static void take_head_line(struct trimmer *t, struct str line, struct arena *arena)
{
    bool folded = line.p[0] == ' ' || line.p[0] == '\t';
    if (blank(line)) {
        close_field(t, arena);
        copy(t, line);
        t->place = t->skip_part ? SKIPPED : TEXT;
        t->skip_part = false;
        return;
    }
    if (!folded) {
        close_field(t, arena);
        t->keep_field = wanted(line);
        t->field_cut = false;
        t->field_n = 0;
        if (t->place == HEAD)
            judge_field(t, line, arena);
    }
    t->field_n += line.n;
    t->field_cut |= t->field_n > OCR_MAIL_HEADER;
    if (t->keep_field && t->field_cut && !folded) { /* one long line: its beginning */
        copy(t, str_slice(line, 0, OCR_MAIL_HEADER));
        copy(t, STR("\n"));
    } else if (t->keep_field && !t->field_cut) {
        copy(t, line);
    }
}

/* "--" and a boundary that was announced (RFC 2046, 5.1.1). */
static bool is_boundary(const struct trimmer *t, struct str line)
{
    if (line.n < 3 || line.p[0] != '-' || line.p[1] != '-')
        return false;
    struct str rest = str_slice(line, 2, line.n);
    for (size_t i = 0; i < t->multiparts; i++)
        if (!str_empty(t->boundaries[i]) && str_starts(rest, t->boundaries[i]))
            return true;
    return false;
}

static void take_body_line(struct trimmer *t, struct str line)
{
    if (is_boundary(t, line)) {
        t->parts++;
        t->place = PART_HEAD;
        t->keep_field = false;
        copy(t, line);
        t->field = t->n;
    } else if (t->place == TEXT) {
        copy(t, line);
    }
}

static bool mbox_line(struct str bytes)
{
    return str_starts(bytes, STR("From "));
}

struct str ocr_mail_trim(struct str bytes, struct arena *arena, struct ocr_mail_head *ret_head)
{
    size_t room = bytes.n + 2 < OCR_MAIL_KEPT ? bytes.n + 2 : OCR_MAIL_KEPT;
    struct trimmer t = {.rest = bytes, .out = arena_alloc(arena, room), .room = room};
    struct str line;
    if (mbox_line(bytes))
        (void)next_line(&t, &line);
    while (!t.full && t.parts <= OCR_MAIL_PARTS && t.multiparts < OCR_MAIL_MULTIPARTS && next_line(&t, &line))
        if (t.place == HEAD || t.place == PART_HEAD)
            take_head_line(&t, line, arena);
        else
            take_body_line(&t, line);
    if (t.place == HEAD)
        close_field(&t, arena);
    *ret_head = t.head;
    return (struct str){t.out, t.n};
}
