/* Erasure of a person: looked at before, confirmed, and then at once and for good. */
#include "base/crypto.h"
#include "flow/audit/audit.h"
#include "flow/idempotency.h"
#include "flow/subject/subject.h"
#include "store/contact.h"
#include "store/keep/list.h"
#include "store/keep/purge.h"
#include "store/people.h"
#include "store/record.h"

/* What hangs on what was chosen. */
struct extent {
    struct flow_subject_chosen *chosen;
    struct json_list photos, remains; /* struct store_subject_photo, struct flow_subject_remains */
    int64_t writes, under_way;
};

/* Contacts that are not there any more are an error like records: what was looked at is not what is there. */
static int contacts_there(struct store_tx *tx, const struct flow_actor *actor, const struct flow_subject_chosen *chosen,
                          struct err *err)
{
    for (size_t i = 0; i < chosen->contact_count; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
        struct store_contact row;
        if (flow_contact_load(tx, actor, &chosen->contacts[i], arena, &row, err) < 0)
            return -1;
    }
    return 0;
}

static int measure(struct store_tx *tx, const struct flow_actor *actor, const struct flow_subject_choice *choice,
                   struct arena *arena, struct extent *ret_extent, struct err *err)
{
    struct extent *e = ret_extent;
    if (flow_subject_chosen(choice, arena, &e->chosen, err) < 0 || contacts_there(tx, actor, e->chosen, err) < 0)
        return -1;
    const struct flow_subject_chosen *chosen = e->chosen;
    const struct store_subject_rows rows = {chosen->contacts, chosen->records, chosen->contact_count,
                                            chosen->record_count};
    if (flow_subject_remains(tx, chosen, arena, &e->remains, err) < 0 ||
        store_subject_photos(tx, chosen->contacts, chosen->contact_count, arena, &e->photos, err) < 0)
        return -1;
    return store_subject_writes(tx, &rows, &e->writes, &e->under_way, err);
}

/* Stands for the whole extent: who confirms has seen it. */
static struct str confirm_of(const struct id *request, const struct extent *extent, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    const struct store_subject_photo *photo = extent->photos.items;
    strbuf_printf(&text, "%s %lld", request->s, (long long)extent->writes);
    for (size_t i = 0; i < extent->chosen->contact_count; i++)
        strbuf_printf(&text, " c%s", extent->chosen->contacts[i].s);
    for (size_t i = 0; i < extent->chosen->record_count; i++)
        strbuf_printf(&text, " r%s", extent->chosen->records[i].s);
    for (size_t i = 0; i < extent->photos.n; i++)
        strbuf_printf(&text, " s%s+%lld", photo[i].scan.s, (long long)photo[i].others);
    struct crypto_hash hash = crypto_sha256(strbuf_str(&text));
    return str_slice(crypto_hex(crypto_hash_str(&hash), arena), 0, 32);
}

static struct json_list notices_of(const struct flow_actor *actor, struct arena *arena)
{
    const char *const texts[] = {
        flow_say(actor, "Backups from before still hold the data, encrypted; whoever restores one erases them again.",
                 "Frühere Sicherungen enthalten die Daten noch, verschlüsselt; wer eine zurückspielt, löscht sie dabei "
                 "erneut."),
        flow_say(actor,
                 "The audit trail stays: it holds ids of records and of who acted, no names (article 17, 3 b and e).",
                 "Das Protokoll bleibt: Es enthält Kennungen von Datensätzen und Handelnden, keine Namen (Artikel 17 "
                 "Absatz 3 "
                 "b und e)."),
        flow_say(actor, "Answers that are kept so that a request can be repeated end within 24 hours.",
                 "Antworten, die für wiederholte Anfragen aufgehoben werden, enden innerhalb von 24 Stunden."),
        flow_say(actor, "Files that were exported and vCards that were downloaded are out of reach of Kartei.",
                 "Exportierte Dateien und heruntergeladene vCards erreicht Kartei nicht."),
        flow_say(actor,
                 "A CRM that keeps the person can give the record back when it changes there: erase it there, too.",
                 "Ein CRM, das die Person behält, kann den Datensatz zurückgeben, sobald er dort geändert wird: bitte "
                 "auch dort "
                 "löschen."),
    };
    return flow_subject_sentences(texts, ARRAY_LEN(texts), arena);
}

int flow_subject_preview(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_act *act,
                         struct arena *arena, struct flow_subject_preview *ret_preview, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_subject_request row;
    struct extent extent;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_subject_open(tx, &act->request, 1, arena, &row, err) < 0 ||
        measure(tx, actor, act->choice, arena, &extent, err) < 0)
        return -1;
    const struct store_subject_photo *photo = extent.photos.items;
    int64_t shared = 0;
    for (size_t i = 0; i < extent.photos.n; i++)
        shared += photo[i].others > 0;
    *ret_preview = (struct flow_subject_preview){.contacts = (int64_t)extent.chosen->contact_count,
                                                 .records = (int64_t)extent.chosen->record_count,
                                                 .photos = (int64_t)extent.photos.n,
                                                 .shared_photos = shared,
                                                 .write_backs = extent.writes,
                                                 .under_way = extent.under_way,
                                                 .remains = extent.remains,
                                                 .notices = notices_of(actor, arena),
                                                 .confirm = confirm_of(&act->request, &extent, arena)};
    return 0;
}

/* Ids of one kind that went, as texts. */
static struct json_list gone_ids(const struct store_gone *gone, char kind, struct arena *arena)
{
    const struct store_erased *erased = gone->erased.items;
    struct str *ids = arena_array(arena, gone->erased.n, sizeof *ids);
    size_t n = 0;
    for (size_t i = 0; i < gone->erased.n; i++)
        if (erased[i].kind == kind)
            ids[n++] = flow_id_text(&erased[i].id, arena);
    return (struct json_list){ids, n};
}

static int certificate_of(struct store_tx *tx, const struct flow_actor *actor, const struct extent *extent,
                          struct arena *arena, struct flow_subject_certificate *certificate, struct err *err)
{
    struct store_user user;
    if (store_user_get(tx, &actor->user, arena, &user, err) < 0 ||
        store_org_name(tx, arena, &certificate->organisation, err) < 0)
        return -1;
    certificate->erased_at = flow_time_text(store_tx_now(tx), arena);
    certificate->erased_by = user.name;
    certificate->write_backs = extent->writes;
    certificate->remains = extent->remains;
    certificate->statement = str_c(flow_say(
        actor,
        "The personal data that these ids stood for were erased from the database, the photo store and the search "
        "index, "
        "and are erased again whenever a backup is restored.",
        "Die personenbezogenen Daten, für die diese Kennungen standen, wurden aus Datenbank, Fotoablage und Suchindex "
        "gelöscht und werden bei jedem Zurückspielen einer Sicherung erneut gelöscht."));
    return 0;
}

static struct store_purge purge_of(const struct extent *extent, struct arena *arena)
{
    const struct store_subject_photo *photo = extent->photos.items;
    struct id *scans = arena_array(arena, extent->photos.n, sizeof *scans);
    for (size_t i = 0; i < extent->photos.n; i++)
        scans[i] = photo[i].scan;
    return (struct store_purge){.age_ms = STORE_BIN_MS,
                                .contacts = extent->chosen->contacts,
                                .contact_count = extent->chosen->contact_count,
                                .scans = scans,
                                .scan_count = extent->photos.n,
                                .records = extent->chosen->records,
                                .record_count = extent->chosen->record_count};
}

/* What would go is what was seen, and nothing is on its way. */
static int allowed(const struct flow_subject_act *act, const struct extent *extent, struct arena *arena,
                   struct err *err)
{
    if (extent->under_way)
        return err_set(err, ERR_CONFLICT, "%s", "a write-back is under way: wait for it, or leave it");
    if (!str_eq(act->choice->confirm, confirm_of(&act->request, extent, arena)))
        return err_set(err, ERR_CONFLICT, "%s", "it was not confirmed for what would go now: look again");
    if (extent->photos.n > STORE_PURGE_MOST)
        return err_set(err, ERR_CONFLICT, "at most %d photos at once", STORE_PURGE_MOST);
    return 0;
}

/* What somebody else is changing at this moment is left out by a purge; here all or nothing goes. */
static int complete(const struct extent *extent, const struct store_gone *gone, struct err *err)
{
    if (gone->count.contacts == extent->chosen->contact_count && gone->count.records == extent->chosen->record_count &&
        gone->count.scans >= extent->photos.n)
        return 0;
    return err_set(err, ERR_CONFLICT, "%s", "somebody is changing it at this moment: try again");
}

/* Signed, kept with the request, told. */
static int settle(struct store_tx *tx, const struct flow *flow, const struct flow_actor *actor,
                  struct flow_subject_certificate *certificate, const struct flow_subject_act *act, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    struct flow_deed deed = {.action = "subject_request.erase", .kind = "subject_request", .subject = &act->request};
    if (flow_subject_certify(flow->store, &actor->org, certificate, arena, err) < 0 ||
        store_subject_request_done(tx, &act->request, &actor->user,
                                   json_write(&flow_subject_certificate_shape, certificate, arena), err) < 0)
        return -1;
    deed.note = str_z(arena, str_printf(arena, "contacts=%zu scans=%zu records=%zu", certificate->contacts.n,
                                        certificate->scans.n, certificate->records.n));
    flow_tell(tx, actor, &deed);
    return 0;
}

int flow_subject_erase(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_act *act,
                       struct arena *arena, struct flow_subject_request *ret_request, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_subject_request row;
    struct flow_subject_certificate certificate = {.number = 0};
    struct extent extent;
    struct store_gone gone;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_subject_open(tx, &act->request, 1, arena, &row, err) < 0 ||
        measure(tx, actor, act->choice, arena, &extent, err) < 0 || allowed(act, &extent, arena, err) < 0)
        return -1;
    struct store_purge purge = purge_of(&extent, arena);
    if (certificate_of(tx, actor, &extent, arena, &certificate, err) < 0 ||
        store_purge_within(tx, &purge, arena, &gone, err) < 0 || complete(&extent, &gone, err) < 0)
        return -1;
    certificate.number = row.number;
    certificate.contacts = gone_ids(&gone, 'c', arena);
    certificate.scans = gone_ids(&gone, 's', arena);
    certificate.records = gone_ids(&gone, 'r', arena);
    certificate.files = (int64_t)gone.blobs.n;
    if (settle(tx, flow, actor, &certificate, act, err) < 0 ||
        flow_subject_fresh(tx, &act->request, arena, ret_request, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 200,
                                             .body = json_write(&flow_subject_request_shape, ret_request, arena)};
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    store_gone_discard(flow->store, &gone);
    return 0;
}
