/* What may be a person's: contacts of all lists, those in the bin, and records of the CRMs, by e-mail, telephone or
 * name. */
#include "flow/audit/audit.h"
#include "flow/crm/book.h"
#include "flow/search.h"
#include "flow/states.h"
#include "flow/subject/subject.h"
#include "store/connection.h"
#include "store/contact.h"
#include "store/list.h"
#include "store/match/index.h"
#include "store/people.h"
#include "store/record.h"

enum { WITHOUT_KEYS = 5000, WAYS = 3 };

/* What the person is looked for by. */
static const char *const by_words[] = {"email", "phone", "name"};
struct asked {
    bool by[WAYS];
    struct flow_search search[WAYS];
};

static int ask(struct store_tx *tx, const struct flow_subject *subject, struct arena *arena, struct asked *ret_asked,
               struct err *err)
{
    static const char *const pointers[WAYS] = {"/subject/email", "/subject/phone", "/subject/name"};
    const struct str texts[WAYS] = {subject->email, subject->phone, subject->name};
    for (size_t way = 0; way < WAYS; way++) {
        ret_asked->by[way] = texts[way].p;
        if (texts[way].p && flow_search_begin(tx, texts[way], pointers[way], &ret_asked->search[way], arena, err) < 0)
            return -1;
    }
    return 0;
}

/* Ids of one kind and what they were found by. */
struct hits {
    struct id *ids;
    bool (*by)[WAYS];
    size_t n;
    bool more;
};

static struct hits hits_new(struct arena *arena)
{
    struct hits hits = {.ids = arena_array(arena, FLOW_SUBJECT_MOST, sizeof *hits.ids)};
    hits.by = arena_array(arena, FLOW_SUBJECT_MOST, sizeof *hits.by);
    return hits;
}

static bool hits_have(const struct hits *hits, const struct id *id)
{
    for (size_t i = 0; i < hits->n; i++)
        if (id_eq(&hits->ids[i], id))
            return true;
    return false;
}

/* What of what was asked the subject says now: whether any of it. */
static int says_now(struct store_tx *tx, enum store_subject kind, const struct id *id, const struct asked *asked,
                    bool ret_by[WAYS], struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    struct store_contact contact;
    struct store_record record;
    int r = kind == STORE_CONTACT ? store_contact_get(tx, id, arena, &contact, err)
                                  : store_record_get(tx, id, arena, &record, err);
    for (size_t way = 0; way < WAYS; way++)
        ret_by[way] =
            r == 0 && asked->by[way] &&
            flow_search_hit(&asked->search[way], kind == STORE_CONTACT ? &contact.contact : &record.contact, arena);
    return r < 0 && err->code != ERR_NOT_FOUND ? -1 : 0;
}

struct look {
    enum store_subject kind;
    const struct asked *asked;
    struct hits *hits;
};

static int look_at(struct store_tx *tx, const struct look *look, const struct json_list *ids, struct err *err)
{
    struct hits *hits = look->hits;
    for (size_t i = 0; i < ids->n && !hits->more; i++) {
        const struct id *id = (const struct id *)ids->items + i;
        bool by[WAYS];
        if (hits_have(hits, id))
            continue;
        if (says_now(tx, look->kind, id, look->asked, by, err) < 0)
            return -1;
        if (!by[0] && !by[1] && !by[2])
            continue;
        hits->more = hits->n == FLOW_SUBJECT_MOST;
        if (!hits->more) {
            hits->ids[hits->n] = *id;
            memcpy(hits->by[hits->n++], by, sizeof by);
        }
    }
    return 0;
}

/* By the index, and then one by one what it does not hold. */
static int look(struct store_tx *tx, const struct look *look, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    struct json_list ids;
    for (size_t way = 0; way < WAYS; way++) {
        const struct flow_search *search = &look->asked->search[way];
        struct store_having having = {look->kind, search->hashes, search->wanted.n};
        if (look->asked->by[way] &&
            (store_match_keys_all(tx, &having, arena, &ids, err) < 0 || look_at(tx, look, &ids, err) < 0))
            return -1;
    }
    if (store_subjects_without_keys(tx, look->kind, WITHOUT_KEYS, arena, &ids, err) < 0 ||
        look_at(tx, look, &ids, err) < 0)
        return -1;
    look->hits->more = look->hits->more || ids.n == WITHOUT_KEYS;
    return 0;
}

static struct json_list by_of(const bool by[WAYS], struct arena *arena)
{
    struct str *words = arena_array(arena, WAYS, sizeof *words);
    size_t n = 0;
    for (size_t i = 0; i < WAYS; i++)
        if (by[i])
            words[n++] = str_c(by_words[i]);
    return (struct json_list){words, n};
}

static struct str list_name(const struct json_list *lists, const struct id *id)
{
    const struct store_list *list = lists->items;
    for (size_t i = 0; i < lists->n; i++)
        if (id_eq(&list[i].id, id))
            return list[i].name;
    return STR_NONE;
}

static int give_contacts(struct store_tx *tx, const struct flow_actor *actor, const struct hits *hits,
                         struct arena *arena, struct json_list *ret_contacts, struct err *err)
{
    struct flow_subject_contact *items = arena_array(arena, hits->n, sizeof *items);
    struct json_list lists;
    if (store_list_all(tx, NULL, arena, &lists, err) < 0)
        return -1;
    for (size_t i = 0; i < hits->n; i++) {
        struct store_contact row;
        if (store_contact_get(tx, &hits->ids[i], arena, &row, err) < 0)
            return -1;
        items[i] = (struct flow_subject_contact){.id = flow_id_text(&row.id, arena),
                                                 .display = contact_display_name(&row.contact, arena),
                                                 .organization = row.contact.organization,
                                                 .list = list_name(&lists, &row.list),
                                                 .created_at = flow_time_text(row.created_at, arena),
                                                 .deleted_at = flow_time_text(row.deleted_at, arena),
                                                 .state = flow_state_of(FLOW_CONTACT, row.state),
                                                 .by = by_of(hits->by[i], arena)};
        flow_read(actor, "contact", &row.id);
    }
    *ret_contacts = (struct json_list){items, hits->n};
    return 0;
}

static int give_records(struct store_tx *tx, const struct flow_actor *actor, const struct hits *hits,
                        struct arena *arena, struct json_list *ret_records, struct err *err)
{
    struct flow_subject_record *items = arena_array(arena, hits->n, sizeof *items);
    struct json_list connections;
    if (store_connection_list(tx, arena, &connections, err) < 0)
        return -1;
    for (size_t i = 0; i < hits->n; i++) {
        struct store_record row;
        if (store_record_get(tx, &hits->ids[i], arena, &row, err) < 0)
            return -1;
        const struct store_connection *connection = flow_subject_connection(&connections, &row.connection);
        items[i] = (struct flow_subject_record){.id = flow_id_text(&row.id, arena),
                                                .display = contact_display_name(&row.contact, arena),
                                                .organization = row.contact.organization,
                                                .connection_id = flow_id_text(&row.connection, arena),
                                                .connection = connection ? connection->name : STR_NONE,
                                                .kind = connection ? connection->kind : STR_NONE,
                                                .kept_here = connection && flow_book_keeps(connection->kind),
                                                .remote_id = row.remote_id,
                                                .by = by_of(hits->by[i], arena)};
        flow_read(actor, "record", &row.id);
    }
    *ret_records = (struct json_list){items, hits->n};
    return 0;
}

static int user_of(struct store_tx *tx, struct str email, struct arena *arena, struct str *ret_name, struct err *err)
{
    struct json_list users;
    *ret_name = STR_NONE;
    if (!email.p)
        return 0;
    if (store_user_list(tx, arena, &users, err) < 0)
        return -1;
    for (size_t i = 0; i < users.n; i++) {
        const struct store_user *user = (const struct store_user *)users.items + i;
        if (str_eq(str_lower(arena, user->email), str_lower(arena, email)))
            *ret_name = user->name;
    }
    return 0;
}

int flow_subject_find(const struct flow *flow, const struct flow_actor *actor, struct id request, struct arena *arena,
                      struct flow_subject_finds *ret_finds, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_subject_request row;
    struct flow_subject subject;
    struct flow_subject_finds finds;
    struct asked asked;
    struct hits contacts = hits_new(arena), records = hits_new(arena);
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_subject_open(tx, &request, -1, arena, &row, err) < 0 ||
        flow_subject_of(&row, arena, &subject, err) < 0 || ask(tx, &subject, arena, &asked, err) < 0 ||
        look(tx, &(struct look){STORE_CONTACT, &asked, &contacts}, err) < 0 ||
        look(tx, &(struct look){STORE_RECORD, &asked, &records}, err) < 0 ||
        give_contacts(tx, actor, &contacts, arena, &finds.contacts, err) < 0 ||
        give_records(tx, actor, &records, arena, &finds.records, err) < 0 ||
        user_of(tx, subject.email, arena, &finds.user, err) < 0)
        return -1;
    finds.more = contacts.more || records.more;
    *ret_finds = finds;
    return 0;
}
