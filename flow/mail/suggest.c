/* From the signature to a suggestion: a contact like a scanned card's, once, and only with news. See mail.h. */
#include "base/limits.h"
#include "contact/diff.h"
#include "dedupe/dedupe.h"
#include "flow/common.h"
#include "flow/contacts.h"
#include "flow/mail/mail.h"
#include "flow/reading.h"
#include "flow/states.h"
#include "store/contact.h"
#include "store/job.h"
#include "store/match/index.h"

enum { COMMON_KEY = 50, MOST_KNOWN = 50 };

/* What matters of the answer of the locked-up reader (ocr/mail/mail.h), which is linked into no other program. */
struct said {
    struct str verdict;
    struct contact *contact;
    struct json_list fields; /* struct contact_claim */
};
static const struct json_field said_rows[] = {
    {.name = "verdict", .kind = JSON_STR, .offset = offsetof(struct said, verdict)},
    {.name = "contact", .kind = JSON_REF, .offset = offsetof(struct said, contact), .shape = &contact_shape},
    {.name = "fields", .kind = JSON_LIST, .offset = offsetof(struct said, fields), .shape = &contact_claim_shape},
};
static const struct json_shape said_shape = {"MailSaid", sizeof(struct said), said_rows, ARRAY_LEN(said_rows), true};

/* A person signed, and the sender's address agrees. What comes out of the jail is not ours to trust. */
static bool person_of(struct str json, struct arena *arena, struct said *ret_said)
{
    struct err ignored;
    return json_read(&said_shape, json, arena, ret_said, &ignored) == 0 && str_eq(ret_said->verdict, STR("person")) &&
           ret_said->contact;
}

bool flow_mail_says_something(struct str json, struct arena *arena)
{
    struct said said;
    return person_of(json, arena, &said);
}

/* ---- Known already? ---- */

static bool adds(const struct contact *fresh, const struct contact *known, struct arena *arena)
{
    struct contact_diff_row *rows;
    size_t n = contact_diff(fresh, known, arena, &rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].state == CONTACT_DIFF_CONFLICT || rows[i].state == CONTACT_DIFF_ADDITION)
            return true;
    return false;
}

static bool shares_email(const struct contact *a, const struct contact *b, struct arena *arena)
{
    const struct contact_value *left = a->emails.items, *right = b->emails.items;
    for (size_t i = 0; i < a->emails.n; i++)
        for (size_t k = 0; k < b->emails.n; k++)
            if (str_eq(contact_value_key(STR("emails"), left[i].value, arena),
                       contact_value_key(STR("emails"), right[k].value, arena)))
                return true;
    return false;
}

/* What the chosen list knows of the person: nothing new, or a suggestion that still waits. */
struct known {
    bool all;
    struct store_contact waiting; /* .id empty: none */
};

static int known_look(struct flow_mail *mail, struct store_tx *tx, const struct contact *fresh, struct arena *arena,
                      struct known *ret, struct err *err)
{
    struct contact probe = {.emails = fresh->emails};
    int64_t hashes[DEDUPE_KEYS_MAX];
    struct json_list met = {.n = 0};
    size_t n;
    *ret = (struct known){.all = false};
    if (flow_key_hashes(tx, &probe, DEDUPE_FOR_MATCH, hashes, &n, err) < 0)
        return -1;
    struct store_meet meet = {.kind = STORE_CONTACT, .keys = hashes, .n = n, .cap = COMMON_KEY, .limit = MOST_KNOWN};
    if (n > 0 && store_match_keys_meet(tx, &meet, arena, &met, err) < 0)
        return -1;
    for (size_t i = 0; i < met.n; i++) {
        struct store_contact row;
        if (store_contact_get(tx, &((const struct store_meeting *)met.items)[i].id, arena, &row, err) < 0)
            return -1;
        if (!id_eq(&row.list, &mail->row.list) || !shares_email(fresh, &row.contact, arena))
            continue;
        ret->all = ret->all || !adds(fresh, &row.contact, arena);
        if (row.suggested_at && id_eq(&row.mailbox, &mail->row.id))
            ret->waiting = row;
    }
    return 0;
}

/* ---- A new one ---- */

static int match_ask(struct flow_mail *mail, struct store_tx *tx, const struct id *contact, const char *action,
                     struct err *err)
{
    struct store_job_spec spec = {
        .kind = "match", .subject = *contact, .user = mail->owner.user, .max_attempts = FLOW_MATCH_ATTEMPTS};
    struct flow_deed deed = {
        .action = action, .kind = "contact", .subject = contact, .state = flow_contact_words[FLOW_CONTACT_read]};
    struct id job;
    if (store_job_add(tx, &spec, &job, err) < 0)
        return -1;
    flow_tell(tx, &mail->owner, &deed);
    return 0;
}

static int suggestion_add(struct flow_mail *mail, struct store_tx *tx, const struct contact *contact,
                          const struct json_list *claims, struct arena *arena, struct err *err)
{
    struct flow_reading reading = {.claims = *claims};
    struct store_contact row = {.list = mail->row.list,
                                .owner = mail->owner.user,
                                .mailbox = mail->row.id,
                                .state = str_c(flow_contact_words[FLOW_CONTACT_read]),
                                .contact = *contact,
                                .reading = json_write(&flow_reading_shape, &reading, arena)};
    struct id id;
    return store_contact_add(tx, &row, &id, err) < 0 ? -1 : match_ask(mail, tx, &id, "contact.suggest", err);
}

/* ---- One that waits learns more ---- */

static struct json_list united(struct str field, const struct json_list *fresh, const struct json_list *known,
                               struct arena *arena)
{
    const struct contact_value *added = fresh->items;
    struct contact_value *all = arena_array(arena, fresh->n + known->n, sizeof *all);
    size_t n = known->n;
    if (n)
        memcpy(all, known->items, n * sizeof *all);
    for (size_t i = 0; i < fresh->n; i++) {
        struct str key = contact_value_key(field, added[i].value, arena);
        bool there = false;
        for (size_t k = 0; k < n && !there; k++)
            there = str_eq(contact_value_key(field, all[k].value, arena), key);
        if (!there)
            all[n++] = added[i];
    }
    return (struct json_list){all, n};
}

/* Single texts as the newer mail has them; values of both. */
static void contact_unite(struct contact *known, const struct contact *fresh, struct arena *arena)
{
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        const char *from = (const char *)fresh + field->offset;
        char *to = (char *)known + field->offset;
        if (field->kind == CONTACT_FIELD_TEXT) {
            if (!str_empty(*(const struct str *)(const void *)from))
                memcpy(to, from, sizeof(struct str));
        } else if (field->kind == CONTACT_FIELD_VALUES) {
            struct json_list all = united(str_c(field->name), (const void *)from, (const void *)to, arena);
            memcpy(to, &all, sizeof all);
        } else if (((const struct json_list *)(const void *)from)->n > 0) {
            memcpy(to, from, sizeof(struct json_list));
        }
    }
}

static int suggestion_extend(struct flow_mail *mail, struct store_tx *tx, struct store_contact *row,
                             const struct contact *fresh, struct arena *arena, struct err *err)
{
    int64_t version;
    contact_unite(&row->contact, fresh, arena);
    if (store_contact_save(tx, row, NULL, &version, err) < 0 ||
        store_contact_move(tx, &row->id, version, NULL, flow_contact_words[FLOW_CONTACT_read], err) < 0)
        return -1;
    return match_ask(mail, tx, &row->id, "contact.suggest_more", err);
}

int flow_mail_suggest(struct flow_mail *mail, struct store_tx *tx, struct flow_mail_read *read, struct arena *arena,
                      struct err *err)
{
    struct said said;
    struct known known;
    struct str once;
    bool news;
    if (!person_of(read->json, arena, &said))
        return 0;
    flow_contact_keep_sound(said.contact, flow_region(mail->flow), arena);
    if (said.contact->emails.n == 0 || str_empty(said.contact->family_name))
        return 0;
    if (json_canonical(json_write(&contact_shape, said.contact, arena), arena, &once, err) < 0 ||
        store_mailbox_seen(tx, &mail->row.id, once, &news, err) < 0)
        return -1;
    if (!news)
        return 0;
    if (known_look(mail, tx, said.contact, arena, &known, err) < 0)
        return -1;
    if (known.all)
        return 0;
    read->suggested = true;
    return id_none(&known.waiting.id) ? suggestion_add(mail, tx, said.contact, &said.fields, arena, err)
                                      : suggestion_extend(mail, tx, &known.waiting, said.contact, arena, err);
}
