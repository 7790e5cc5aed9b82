/* See fixture.h. */
#include "tests/db/fixture.h"

#include "base/clock.h"
#include "base/limits.h"
#include "store/audit/alert.h"
#include "store/audit/egress.h"
#include "store/crm/batch.h"
#include "store/crm/company.h"
#include "store/crm/export.h"
#include "store/crm/mapping.h"
#include "store/crm/oauth.h"
#include "store/crm/test.h"
#include "store/crm/traffic.h"
#include "store/fair.h"
#include "store/inbox/inbox.h"
#include "store/keep/mark.h"
#include "store/keep/subject.h"
#include "store/mail/mailbox.h"
#include "store/mail/subscription.h"
#include "store/match/duplicate.h"
#include "store/oidc/identity.h"
#include "store/oidc/provider.h"
#include "store/pg.h"
#include "store/rights/grant.h"
#include "store/rights/token.h"

void fixture_must(const struct fixture *f, int result, const char *call)
{
    if (result == 0)
        return;
    (void)fprintf(stderr, "%s\n  %s %s %s\n", call, err_slug(f->err.code), f->err.param, f->err.detail);
    fail();
}

static const char *must_env(const char *name)
{
    const char *value = getenv(name);
    if (!value) {
        (void)fprintf(stderr, "%s is not set: run by run_store.py\n", name);
        exit(1);
    }
    return value;
}

struct store_tx *fixture_begin(struct fixture *f)
{
    struct store_tx *tx = NULL;
    MUST(f, store_begin(f->store, &f->org, &tx, &f->err));
    return tx;
}

void fixture_commit(struct fixture *f, struct store_tx *tx)
{
    MUST(f, store_commit(&tx, &f->err));
}

void fixture_super(struct fixture *f, const char *sql)
{
    struct store_pg *pg;
    MUST(f, store_pg_open(must_env("KARTEI_TEST_SUPER"), &pg, &f->err));
    MUST(f, store_pg_command(pg, sql, &f->err));
    store_pg_close(pg);
}

static struct str say(struct fixture *f, const char *what, const char *word)
{
    return str_printf(f->arena, "%s %s", what, word);
}

static void open_store(struct fixture *f)
{
    const char *dir = must_env("KARTEI_TEST_DIR");
    f->arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_settings settings = {.conninfo = must_env("KARTEI_TEST_DB"),
                                      .master_key = str_printf(f->arena, "%s/master.key", dir).p,
                                      .blob_dir = str_printf(f->arena, "%s/blobs", dir).p,
                                      .connections = 24};
    MUST(f, store_open(&settings, &f->store, &f->err));
}

static void add_people(struct fixture *f, const char *word)
{
    struct store_user user = {.email = str_printf(f->arena, "%s-%s@example.com", word, f->org.s),
                              .name = say(f, "Anna", word),
                              .language = STR("de"),
                              .theme = STR("system"),
                              .role = STR("admin"),
                              .state = STR("active"),
                              .password_hash = STR("$argon2id$none")};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_user_add(tx, &user, &f->user, &f->err));
    MUST(f, store_list_add(tx, &f->user, say(f, "Messe", word), &f->list, &f->err));
    struct store_list list;
    MUST(f, store_list_get(tx, &f->list, f->arena, &list, &f->err));
    struct store_list_member member = {f->user, STR("editor")};
    list.members = (struct json_list){&member, 1};
    MUST(f, store_list_save(tx, &list, &f->err));
    struct store_fair fair = {.name = say(f, "Fair", word),
                              .tag = say(f, "Tag", word),
                              .list = f->list,
                              .legal_basis = STR("consent"),
                              .created_by = f->user};
    MUST(f, store_fair_add(tx, &fair, &f->fair, &f->err));
    fixture_commit(f, tx);
}

struct id fixture_contact(struct fixture *f, const char *family_name)
{
    struct id id;
    struct store_contact contact = {.list = f->list,
                                    .owner = f->user,
                                    .fair = {.id = f->fair},
                                    .state = STR("read"),
                                    .contact = {.given_name = STR("Anna"), .family_name = str_c(family_name)},
                                    .reading = STR("{\"claims\":[]}")};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_contact_add(tx, &contact, &id, &f->err));
    fixture_commit(f, tx);
    return id;
}

static void add_cards(struct fixture *f, const char *word)
{
    struct store_blob blob;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_blob_put(tx, say(f, "not really a photo of", word), "image/jpeg", &blob, &f->err));
    f->blob = blob.id;
    struct store_scan scan = {.list = f->list, .user = f->user, .fair = f->fair, .blob = blob.id};
    MUST(f, store_scan_add(tx, &scan, &f->scan, &f->err));
    MUST(f, store_scan_move(tx, &f->scan, "received", "reading", &f->err));
    struct store_card card = {
        .n = 1, .quad = STR("[[0,0],[1,0],[1,1],[0,1]]"), .image = blob.id, .width = 10, .height = 6};
    card.reading = say(f, "{}", word);
    card.thumb = say(f, "not really a small picture of", word);
    scan = (struct store_scan){.id = f->scan, .width = 100, .height = 60, .cards = {&card, 1}};
    MUST(f, store_scan_finish(tx, &scan, &f->err));
    fixture_commit(f, tx);
    f->contact = fixture_contact(f, word);
    tx = fixture_begin(f);
    MUST(f, store_card_set_contact(tx, &f->scan, 1, &f->contact, &f->err));
    struct store_contact contact;
    int64_t version;
    MUST(f, store_contact_get(tx, &f->contact, f->arena, &contact, &f->err));
    contact.contact.organization = say(f, "Muster", word);
    MUST(f, store_contact_save(tx, &contact, &f->user, &version, &f->err));
    fixture_commit(f, tx);
}

static void add_crm(struct fixture *f, const char *word)
{
    struct store_tx *tx = fixture_begin(f);
    bool is_new;
    struct store_connection connection = {.kind = STR("book"),
                                          .name = say(f, "Adressbuch", word),
                                          .settings = say(f, "{}", word),
                                          .secret = say(f, "secret", word)};
    MUST(f, store_connection_add(tx, &connection, &f->connection, &f->err));
    MUST(f, store_connection_called(tx, &f->connection, 0, &(struct store_calls){.quota_left = 99}, &f->err));
    MUST(f,
         store_call_add(tx, &f->connection, &(struct store_call){.work = "test", .problem = STR("crm-down")}, &f->err));
    struct store_record record = {.connection = f->connection,
                                  .remote_id = say(f, "/people/", word),
                                  .kind = STR("person"),
                                  .remote_version = say(f, "etag", word),
                                  .contact = {.family_name = str_c(word)}};
    MUST(f, store_record_put(tx, &record, &f->record, &is_new, &f->err));
    assert_true(is_new);
    struct str text = say(f, "name|", word);
    int64_t key;
    MUST(f, store_match_keys(tx, &text, 1, &key, &f->err));
    MUST(f, store_match_keys_set(tx, STORE_RECORD, &f->record, &key, 1, &f->err));
    MUST(f, store_match_keys_set(tx, STORE_CONTACT, &f->contact, &key, 1, &f->err));
    struct store_candidate candidate = {.record = f->record,
                                        .weight = 12.5,
                                        .probability = 0.99,
                                        .band = STR("obvious"),
                                        .reasons = say(f, "[]", word)};
    MUST(f, store_candidates_set(tx, &f->contact, &candidate, 1, &f->err));
    struct json_list candidates;
    MUST(f, store_candidates_of(tx, &f->contact, f->arena, &candidates, &f->err));
    assert_int_equal(candidates.n, 1);
    f->candidate = ((const struct store_candidate *)candidates.items)->id;
    MUST(f, store_candidate_decide(tx, &f->candidate, true, say(f, "met", word), &f->user, &f->err));
    fixture_commit(f, tx);
}

void fixture_open(struct fixture *f, const char *word)
{
    *f = (struct fixture){0};
    open_store(f);
    MUST(f, store_org_create(f->store, say(f, "Organisation", word), &f->org, &f->err));
    add_people(f, word);
    add_cards(f, word);
    add_crm(f, word);
}

/* A file that took one change, and one that waits. */
static void fill_exports(struct fixture *f, struct store_tx *tx, const char *word)
{
    const struct contact contact = {.family_name = str_c(word)};
    struct id id;
    MUST(f, store_export_note(tx, &f->connection, &f->record, true, &contact, &f->err));
    MUST(f, store_export_take(tx, &f->connection, &f->user, &id, &f->err));
    MUST(f, store_export_note(tx, &f->connection, &f->record, false, &contact, &f->err));
}

/* A mapping that is in use, a draft, and what the CRM said of its fields. */
static void fill_mapping(struct fixture *f, struct store_tx *tx, const char *word)
{
    const struct store_mapping mapping = {
        .doc = say(f, "mapping", word), .fields = say(f, "fields", word), .user = f->user};
    const struct store_test test = {.user = f->user, .result = mapping.doc};
    struct store_mapping seen;
    struct store_test tested;
    struct str fields;
    int64_t version, before, at;
    MUST(f, store_mapping_add(tx, &f->connection, &mapping, &version, &f->err));
    MUST(f, store_mapping_get(tx, &f->connection, version, f->arena, &seen, &f->err));
    assert_true(version == 1 && str_eq(seen.doc, mapping.doc) && str_eq(seen.fields, mapping.fields));
    MUST(f, store_mapping_draft_put(tx, &f->connection, &mapping, &f->err));
    MUST(f, store_mapping_draft(tx, &f->connection, f->arena, &seen, &f->err));
    assert_true(seen.version == 0 && str_eq(seen.doc, mapping.doc));
    MUST(f, store_fields_put(tx, &f->connection, mapping.fields, 2, &before, &f->err));
    MUST(f, store_fields_put(tx, &f->connection, mapping.fields, 0, &before, &f->err));
    MUST(f, store_fields_get(tx, &f->connection, f->arena, &fields, &at, &f->err));
    assert_true(before == 2 && at > 0 && str_eq(fields, mapping.fields));
    MUST(f, store_test_put(tx, &f->connection, &test, &f->err));
    MUST(f, store_test_put(tx, &f->connection, &test, &f->err));
    MUST(f, store_test_get(tx, &f->connection, f->arena, &tested, &f->err));
    assert_true(tested.at > 0 && id_eq(&tested.user, &f->user) && str_eq(tested.result, test.result));
}

/* Two names that are claimed: one is made, the other given back. */
static void fill_companies(struct fixture *f, struct store_tx *tx, const char *word)
{
    const struct store_company made = {f->connection, say(f, "made", word)},
                               dropped = {f->connection, say(f, "dropped", word)};
    struct store_company_claim claim, other, found;
    MUST(f, store_company_take(tx, &made, 60000, &claim, &f->err));
    assert_int_equal(store_company_take(tx, &made, 60000, &other, &f->err), -1);
    assert_int_equal(f->err.code, ERR_CONFLICT);
    MUST(f, store_company_made(tx, &claim.id, say(f, "remote", word), &f->err));
    MUST(f, store_company_get(tx, &made, f->arena, &found, &f->err));
    assert_true(id_eq(&found.id, &claim.id) && str_eq(found.remote_id, say(f, "remote", word)));
    MUST(f, store_company_take(tx, &dropped, 60000, &other, &f->err));
    MUST(f, store_company_drop(tx, &other.id, &f->err));
    assert_int_equal(store_company_get(tx, &dropped, f->arena, &found, &f->err), -1);
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
}

/* Tokens, and a consent that was begun in the session of the token. */
static void fill_oauth(struct fixture *f, struct str token, const char *word)
{
    struct store_session session;
    struct store_tokens_new tokens = {.connection = f->connection,
                                      .granted_by = f->user,
                                      .access = say(f, "access", word),
                                      .refresh = say(f, "refresh", word),
                                      .base = say(f, "https://api.", word),
                                      .scope = say(f, "scope", word),
                                      .life_ms = 3600000};
    MUST(f, store_session_find(f->store, token, 3600000, f->arena, &session, &f->err));
    struct store_tx *tx = fixture_begin(f);
    struct store_oauth_begun begun = {.session = session.id,
                                      .user = f->user,
                                      .connection = f->connection,
                                      .connection_version = 1,
                                      .trip = say(f, "trip", word)};
    MUST(f, store_oauth_begin(tx, &begun, say(f, f->org.s, "state"), 600000, &f->err));
    MUST(f, store_tokens_put(tx, &tokens, &f->err));
    fixture_commit(f, tx);
}

/* A mailbox that has looked, is subscribed to and has suggested. */
static void fill_mailbox(struct fixture *f, const char *word)
{
    struct store_connection connection = {.kind = STR("imap"),
                                          .name = say(f, "anna@", word),
                                          .settings = say(f, "host", word),
                                          .secret = say(f, "password", word)};
    struct store_mailbox row = {.owner = f->user, .list = f->list, .excluded = say(f, "excluded", word)};
    struct store_mailbox_progress progress = {.cursor = say(f, "cursor", word), .looked = 1, .complete = true};
    struct store_subscription told = {.remote_id = say(f, "7f105c7d-", f->org.s), .expires_at = 1, .renew_at = 1};
    struct store_tx *tx = fixture_begin(f);
    bool news;
    MUST(f, store_connection_add(tx, &connection, &row.id, &f->err));
    MUST(f, store_mailbox_add(tx, &row, &f->err));
    MUST(f, store_mailbox_progress(tx, &row.id, &progress, &f->err));
    MUST(f, store_mailbox_seen(tx, &row.id, say(f, "contact", word), &news, &f->err));
    MUST(f, store_subscription_put(tx, &row.id, &told, &f->err));
    MUST(f, store_message_told(tx, &row.id, say(f, "mail", word), &news, &f->err));
    fixture_commit(f, tx);
}

static void fill_rights(struct fixture *f, struct store_tx *tx, const char *word)
{
    struct store_token token = {.user = f->user, .name = say(f, "Skript", word), .scopes = STR("contacts:read")};
    struct store_grant grant = {
        .user = f->user, .granted_by = f->user, .area = STR("content"), .reason = say(f, "Fehler", word)};
    struct id id;
    MUST(f, store_token_add(tx, &token, say(f, f->org.s, "token"), 600000, &id, &f->err));
    MUST(f, store_token_used(tx, &id, say(f, "192.0.2.1", word), &f->err));
    MUST(f, store_grant_add(tx, &grant, 600000, &id, &f->err));
}

/* What somebody asked about the own data, and an erasure that is done. */
static void fill_subjects(struct fixture *f, struct store_tx *tx, const char *word)
{
    struct store_subject_request request = {
        .kind = STR("access"), .user = f->user, .subject = say(f, "Anna", word), .reference = say(f, "Akte", word)};
    struct id id;
    MUST(f, store_subject_request_add(tx, &request, &id, &f->err));
    request.kind = STR("erasure");
    MUST(f, store_subject_request_add(tx, &request, &id, &f->err));
    MUST(f, store_subject_request_done(tx, &id, &f->user, say(f, "gone", word), &f->err));
}

/* A warning that somebody has put off. */
static void fill_mark(struct fixture *f, struct store_tx *tx, const char *word)
{
    const struct store_warned warned = {"egress-private", say(f, "lan", word), STR("0.1")};
    struct store_mark mark;
    MUST(f, store_mark_put(tx, &warned, f->arena, &mark, &f->err));
    mark.until = clock_now_ms() + 1000000;
    mark.reason = say(f, "because", word);
    mark.user = f->user;
    MUST(f, store_mark_put_off(tx, &mark, &f->err));
}

static void fill_alert(struct fixture *f, const char *word)
{
    struct id id;
    bool fresh;
    struct store_tx *tx = fixture_begin(f);
    struct store_alert alert = {.kind = STR("guessing"),
                                .user = f->user,
                                .address = say(f, "192.0.2.9", word),
                                .host = say(f, "crm", word),
                                .amount = 12,
                                .first_seq = 1,
                                .last_seq = 1,
                                .first_at = 1,
                                .last_at = 1};
    MUST(f, store_alert_raise(tx, &alert, &id, &fresh, &f->err));
    MUST(f, store_egress_note(tx, say(f, "host", word), &f->connection, &fresh, &f->err));
    fill_mark(f, tx, word);
    fixture_commit(f, tx);
}

/* A run with pages of the match index: as many keys at once as make one. */
static void fill_index(struct fixture *f, struct store_tx *tx)
{
    enum { SUBJECTS = 50, KEYS = 100 };
    struct store_match_set sets[SUBJECTS];
    int64_t keys[SUBJECTS][KEYS];
    for (int i = 0; i < SUBJECTS; i++) {
        for (int k = 0; k < KEYS; k++)
            keys[i][k] = (i * KEYS + k) * INT64_C(0x123456789ab);
        sets[i] = (struct store_match_set){id_new(), keys[i], KEYS};
    }
    MUST(f, store_match_sets_put(tx, STORE_RECORD, sets, SUBJECTS, &f->err));
}

/* An identity provider, a sign-in under way, and whom an account there stands for. */
static void fill_provider(struct fixture *f, const char *word)
{
    struct str domain = say(f, "example.", word);
    struct store_provider row = {.kind = STR("oidc"),
                                 .settings = say(f, "settings", word),
                                 .secret = say(f, "secret", word),
                                 .domains = {&domain, 1}};
    struct store_oidc_begun begun = {.provider_version = 1, .trip = say(f, "trip", word)};
    const struct store_identity identity = {say(f, "https://", word), say(f, "subject", word)};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_provider_add(tx, &row, &begun.provider, &f->err));
    MUST(f, store_oidc_begin(tx, &begun, say(f, f->org.s, "state"), say(f, "browser", word), 600000, &f->err));
    MUST(f, store_identity_add(tx, &identity, &begun.provider, &f->user, &f->err));
    fixture_commit(f, tx);
}

/* Somebody half signed in, a second factor, ways to sign up. */
static void fill_sign_in(struct fixture *f, const char *word)
{
    struct store_tx *tx = fixture_begin(f);
    struct store_pending pending = {.user = f->user, .method = STR("password")};
    struct store_policy policy = {.roles = STR("admin")};
    const struct store_invitation invitation = {
        .email = say(f, "anna@", word), .role = STR("user"), .uses = 1, .creator = f->user};
    const struct store_sign_up_domain domain = {.domain = say(f, word, ".example"), .role = STR("user")};
    struct store_sign_up_new fresh = {.sign_up = {.email = say(f, "anna@", word), .name = say(f, "Anna", word)},
                                      .token = say(f, f->org.s, "sign-up"),
                                      .browser = STR("browser"),
                                      .code = STR("123456"),
                                      .life_ms = 600000};
    struct str codes[] = {say(f, f->org.s, word), say(f, word, f->org.s)};
    struct id id;
    MUST(f, store_pending_add(tx, &pending, say(f, f->org.s, "pending"), 600000, &f->err));
    MUST(f, store_factor_begin(tx, &f->user, say(f, "seed", word), &f->err));
    MUST(f, store_recovery_put(tx, &f->user, codes, ARRAY_LEN(codes), &f->err));
    MUST(f, store_policy_put(tx, &policy, &f->err));
    MUST(f,
         store_invitation_add(tx, &invitation, say(f, f->org.s, "code"), 600000, &fresh.sign_up.invitation, &f->err));
    MUST(f, store_sign_up_domain_add(tx, &domain, &f->user, &id, &f->err));
    MUST(f, store_sign_up_put(tx, &fresh, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_door_note_add(f->store, say(f, "note", word), &f->err));
    MUST(f, store_place_note(f->store, say(f, "place", word), &f->err));
}

/* Two records found to be one person twice, and decided. */
static void fill_duplicates(struct fixture *f, struct store_tx *tx, const char *word)
{
    const struct store_record other = {.connection = f->connection,
                                       .remote_id = say(f, "/people/twin-", word),
                                       .kind = STR("person"),
                                       .contact = {.family_name = str_c(word)}};
    struct store_duplicate pair = {.left = f->record,
                                   .group = id_new(),
                                   .weight = 12.5,
                                   .probability = 0.99,
                                   .band = STR("obvious"),
                                   .reasons = say(f, "[]", word)};
    bool is_new;
    MUST(f, store_record_put(tx, &other, &pair.right, &is_new, &f->err));
    if (strcmp(pair.left.s, pair.right.s) > 0) {
        struct id left = pair.left;
        pair.left = pair.right;
        pair.right = left;
    }
    MUST(f, store_duplicates_put(tx, &pair, 1, &f->err));
    struct id id = store_duplicate_id(&pair.left, &pair.right);
    MUST(f, store_duplicate_get(tx, &id, f->arena, &pair, &f->err));
    pair.decided = STR("same");
    pair.why = say(f, "met", word);
    pair.decided_by = f->user;
    MUST(f, store_duplicate_decide(tx, &pair, &f->err));
}

/* The contact in a batch, judged and left; put off, assigned, and looked at. */
static void fill_batches(struct fixture *f, struct store_tx *tx)
{
    const struct store_batch batch = {.connection = f->connection, .user = f->user};
    const struct store_batch_item item = {.contact = f->contact,
                                          .contact_version = 2,
                                          .record = f->record,
                                          .fields = STR("emails,phones"),
                                          .sampled = true};
    struct id id;
    MUST(f, store_batch_add(tx, &batch, &item, 1, &id, &f->err));
    MUST(f, store_batch_judge(tx, &id, &f->contact, true, &f->err));
    MUST(f, store_batch_problem(tx, &id, &f->contact, STR("stale"), &f->err));
    const struct store_inbox_item desk = {
        .contact = f->contact, .assignee = f->user, .postponed_until = STR("2999-12-31")};
    MUST(f, store_inbox_put(tx, &desk, &f->err));
    MUST(f, store_inbox_look(tx, &f->contact, &f->user, true, &f->err));
}

void fixture_fill(struct fixture *f, const char *word)
{
    struct id id;
    struct store_tx *tx = fixture_begin(f);
    struct store_session_new session = {f->user, say(f, f->org.s, word), 3600000, "password", say(f, "browser", word)};
    struct store_link_new link = {.user = f->user, .token = say(f, f->org.s, "link"), .life_ms = 600000};
    MUST(f, store_session_add(tx, &session, &f->err));
    MUST(f, store_login_link_add(tx, &link, &f->err));
    struct store_preview preview = {.contact = f->contact,
                                    .connection = f->connection,
                                    .record = f->record,
                                    .user = f->user,
                                    .contact_version = 2,
                                    .action = STR("update"),
                                    .plan = say(f, "plan", word)};
    MUST(f, store_preview_add(tx, &preview, 600000, &id, &f->err));
    struct store_write_back write_back = {.contact = f->contact,
                                          .connection = f->connection,
                                          .record = f->record,
                                          .user = f->user,
                                          .action = STR("update"),
                                          .plan = say(f, "plan", word),
                                          .remote_id = say(f, "/people/", word),
                                          .version_seen = say(f, "etag", word)};
    MUST(f, store_write_back_add(tx, &write_back, &f->write_back, &f->err));
    fill_exports(f, tx, word);
    fill_rights(f, tx, word);
    fill_subjects(f, tx, word);
    struct store_rules rules = {
        .origin = STR("edited"), .policy = say(f, "policy", word), .lesson = say(f, "lesson", word), .author = f->user};
    MUST(f, store_rules_add(tx, &rules, &id, &f->err));
    fill_mapping(f, tx, word);
    fill_companies(f, tx, word);
    fill_duplicates(f, tx, word);
    fill_batches(f, tx);
    fill_index(f, tx);
    struct store_job_spec job = {.kind = "write", .subject = f->write_back, .user = f->user};
    MUST(f, store_job_add(tx, &job, &id, &f->err));
    struct store_audit entry = {.user = f->user,
                                .action = "contact.update",
                                .kind = "contact",
                                .subject = f->contact,
                                .origin = {.address = say(f, "192.0.2.1", word), .why = say(f, "ticket", word)},
                                .records = &f->record,
                                .n = 1};
    store_audit(tx, &entry);
    store_event(tx, "contact", &f->contact, "matched");
    fixture_commit(f, tx);
    struct store_key key = {f->user, STR("POST /v1/scans"), say(f, "key", word), say(f, "content", word)};
    struct store_keyed keyed;
    MUST(f, store_idempotency_begin(f->store, &f->org, &key, f->arena, &keyed, &f->err));
    tx = fixture_begin(f);
    struct store_answer answer = {202, say(f, "/v1/", word), say(f, "body", word)};
    MUST(f, store_idempotency_finish(tx, &key, &answer, &f->err));
    fixture_commit(f, tx);
    fill_alert(f, word);
    fill_oauth(f, say(f, f->org.s, word), word);
    fill_mailbox(f, word);
    fill_provider(f, word);
    fill_sign_in(f, word);
}

void fixture_close(struct fixture *f)
{
    store_close(f->store);
    arena_free(f->arena);
}

int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_open(f, "Zwiebelturm");
    *state = f;
    return 0;
}

int fixture_teardown(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}
