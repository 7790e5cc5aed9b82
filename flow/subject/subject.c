/* Requests of data subjects as people see them; see flow/subject.h. */
#include "flow/subject/subject.h"

#include "contact/email.h"
#include "flow/audit/audit.h"
#include "flow/crm/book.h"
#include "flow/idempotency.h"
#include "store/connection.h"
#include "store/people.h"
#include "store/record.h"

int flow_subject_of(const struct store_subject_request *row, struct arena *arena, struct flow_subject *ret_subject,
                    struct err *err)
{
    *ret_subject = (struct flow_subject){.name = STR_NONE};
    return row->subject.p ? json_read(&flow_subject_shape, row->subject, arena, ret_subject, err) : 0;
}

static int certificate_of(const struct store_subject_request *row, struct arena *arena,
                          struct flow_subject_certificate **ret_certificate, struct err *err)
{
    struct flow_subject_certificate *certificate = arena_one(arena, struct flow_subject_certificate);
    *ret_certificate = NULL;
    if (!row->certificate.p)
        return 0;
    if (json_read(&flow_subject_certificate_shape, row->certificate, arena, certificate, err) < 0)
        return -1;
    *ret_certificate = certificate;
    return 0;
}

static int request_of(const struct store_subject_request *row, const struct json_list *users, int64_t now,
                      struct arena *arena, struct flow_subject_request *ret, struct err *err)
{
    bool done = row->done_at != 0;
    *ret = (struct flow_subject_request){
        .id = flow_id_text(&row->id, arena),
        .number = row->number,
        .kind = str_eq(row->kind, str_c(flow_subject_kind_words[1])),
        .state = done ? 2 : row->due_at <= now,
        .reference = row->reference,
        .created_at = flow_time_text(row->created_at, arena),
        .created_by = flow_user_name(users, &row->user),
        .due_at = flow_time_text(row->due_at, arena),
        .done_at = flow_time_text(row->done_at, arena),
        .done_by = flow_user_name(users, &row->done_by),
    };
    return flow_subject_of(row, arena, &ret->subject, err) < 0 ? -1
                                                               : certificate_of(row, arena, &ret->certificate, err);
}

int flow_subject_fresh(struct store_tx *tx, const struct id *request, struct arena *arena,
                       struct flow_subject_request *ret_request, struct err *err)
{
    struct store_subject_request row;
    struct json_list users;
    if (store_subject_request_get(tx, request, arena, &row, err) < 0 || store_user_list(tx, arena, &users, err) < 0)
        return -1;
    return request_of(&row, &users, store_tx_now(tx), arena, ret_request, err);
}

int flow_subject_open(struct store_tx *tx, const struct id *request, int kind, struct arena *arena,
                      struct store_subject_request *ret_row, struct err *err)
{
    if (store_subject_request_get(tx, request, arena, ret_row, err) < 0)
        return -1;
    if (!ret_row->subject.p)
        return err_set(err, ERR_CONFLICT, "%s", "the person was erased");
    if (kind >= 0 && !str_eq(ret_row->kind, str_c(flow_subject_kind_words[kind])))
        return err_set(err, ERR_CONFLICT, "the request is one of %.*s", STR_ARG(ret_row->kind));
    return 0;
}

int flow_subject_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_page *page,
                      struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_page ask;
    struct json_list rows, users;
    if (flow_page_ask(page, &ask.before, &ask.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_subject_request_list(tx, &ask, arena, &rows, err) < 0 || store_user_list(tx, arena, &users, err) < 0)
        return -1;
    size_t n = flow_page_keep(page, rows.n);
    const struct store_subject_request *row = rows.items;
    struct flow_subject_request *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        if (request_of(&row[i], &users, store_tx_now(tx), arena, &items[i], err) < 0)
            return -1;
    *ret_list = (struct flow_list){{items, n}, n < rows.n ? flow_id_text(&row[n - 1].id, arena) : STR_NONE};
    return 0;
}

int flow_subject_get(const struct flow *flow, const struct flow_actor *actor, struct id request, struct arena *arena,
                     struct flow_subject_request *ret_request, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_subject_fresh(tx, &request, arena, ret_request, err) < 0)
        return -1;
    if (!ret_request->certificate)
        return 0;
    return flow_subject_certificate_check(flow->store, ret_request->certificate, err);
}

/* Blanks at the ends go, and what is empty is absent. */
static struct str trimmed(struct str text)
{
    struct str inner = text.p ? str_trim(text) : STR_NONE;
    return str_empty(inner) ? STR_NONE : inner;
}

static int subject_clean(const struct flow_subject *given, struct arena *arena, struct flow_subject *ret_subject,
                         struct err *err)
{
    struct contact_email email;
    *ret_subject = (struct flow_subject){trimmed(given->name), trimmed(given->email), trimmed(given->phone)};
    if (!ret_subject->name.p && !ret_subject->email.p && !ret_subject->phone.p)
        return err_field(err, ERR_INVALID, "/subject", "a name, an e-mail or a telephone number is needed");
    if (!ret_subject->email.p)
        return 0;
    if (!contact_email_parse(ret_subject->email, arena, &email))
        return err_field(err, ERR_INVALID, "/subject/email", "an e-mail address is expected");
    ret_subject->email = email.address;
    return 0;
}

int flow_subject_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_new *input,
                        struct arena *arena, struct flow_subject_request *ret_request, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_subject subject;
    struct id id;
    struct flow_deed deed = {.action = "subject_request.create", .kind = "subject_request", .subject = &id};
    if (input->kind < 0)
        return err_field(err, ERR_INVALID, "/kind", "this field is required");
    if (subject_clean(&input->subject, arena, &subject, err) < 0)
        return -1;
    struct store_subject_request row = {.kind = str_c(flow_subject_kind_words[input->kind]),
                                        .user = actor->user,
                                        .subject = json_write(&flow_subject_shape, &subject, arena),
                                        .reference = trimmed(input->reference)};
    if (flow_begin(flow, actor, &tx, err) < 0 || store_subject_request_add(tx, &row, &id, err) < 0 ||
        flow_subject_fresh(tx, &id, arena, ret_request, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/subject-requests/%s", id.s),
                                             .body = json_write(&flow_subject_request_shape, ret_request, arena)};
    deed.note = flow_subject_kind_words[input->kind];
    flow_tell(tx, actor, &deed);
    return flow_once(tx, actor, &answer, err) < 0 ? -1 : store_commit(&tx, err);
}

/* ---- What was chosen ---- */

static int ids_of(const struct json_list *texts, const char *list, struct id *ret_ids, size_t *ret_n, struct err *err)
{
    const struct str *text = texts->items;
    *ret_n = 0;
    if (texts->n > FLOW_SUBJECT_MOST)
        return err_field(err, ERR_INVALID, list, "at most %d", FLOW_SUBJECT_MOST);
    for (size_t i = 0; i < texts->n; i++) {
        bool there = false;
        struct id id;
        if (flow_id_read(text[i], list, &id, err) < 0)
            return -1;
        for (size_t k = 0; k < *ret_n && !there; k++)
            there = id_eq(&ret_ids[k], &id);
        if (!there)
            ret_ids[(*ret_n)++] = id;
    }
    return 0;
}

int flow_subject_chosen(const struct flow_subject_choice *choice, struct arena *arena,
                        struct flow_subject_chosen **ret_chosen, struct err *err)
{
    struct flow_subject_chosen *chosen = arena_one(arena, struct flow_subject_chosen);
    if (ids_of(&choice->contacts, "/contacts", chosen->contacts, &chosen->contact_count, err) < 0 ||
        ids_of(&choice->records, "/records", chosen->records, &chosen->record_count, err) < 0)
        return -1;
    if (chosen->contact_count + chosen->record_count == 0)
        return err_field(err, ERR_INVALID, "/contacts", "nothing is chosen");
    *ret_chosen = chosen;
    return 0;
}

struct json_list flow_subject_sentences(const char *const *sentences, size_t n, struct arena *arena)
{
    struct str *texts = arena_array(arena, n, sizeof *texts);
    for (size_t i = 0; i < n; i++)
        texts[i] = str_c(sentences[i]);
    return (struct json_list){texts, n};
}

const struct store_connection *flow_subject_connection(const struct json_list *all, const struct id *id)
{
    const struct store_connection *one = all->items;
    for (size_t i = 0; i < all->n; i++)
        if (id_eq(&one[i].id, id))
            return &one[i];
    return NULL;
}

/* One more record of the connection remains. */
static void remains_count(struct json_list *remains, const struct store_connection *connection, struct arena *arena)
{
    struct flow_subject_remains *one = remains->items;
    for (size_t i = 0; i < remains->n; i++)
        if (str_eq(one[i].connection_id, id_str(&connection->id))) {
            one[i].records++;
            return;
        }
    one[remains->n++] =
        (struct flow_subject_remains){flow_id_text(&connection->id, arena), connection->name, connection->kind, 1};
}

int flow_subject_remains(struct store_tx *tx, const struct flow_subject_chosen *chosen, struct arena *arena,
                         struct json_list *ret_remains, struct err *err)
{
    struct json_list all;
    struct json_list remains = {arena_array(arena, FLOW_SUBJECT_MOST, sizeof(struct flow_subject_remains)), 0};
    if (store_connection_list(tx, arena, &all, err) < 0)
        return -1;
    for (size_t i = 0; i < chosen->record_count; i++) {
        struct store_record row;
        if (store_record_get(tx, &chosen->records[i], arena, &row, err) < 0)
            return -1;
        const struct store_connection *connection = flow_subject_connection(&all, &row.connection);
        if (connection && !row.deleted_at && !flow_book_keeps(connection->kind))
            remains_count(&remains, connection, arena);
    }
    *ret_remains = remains;
    return 0;
}
