/* Contacts, lists, scans, records and candidates on a real database: what goes in comes out, versions decide, keys
 * meet. */
#include "base/clock.h"
#include "base/limits.h"
#include "tests/db/fixture.h"

static struct store_contact get(struct fixture *f, struct store_tx *tx, const struct id *id)
{
    struct store_contact contact;
    MUST(f, store_contact_get(tx, id, f->arena, &contact, &f->err));
    return contact;
}

static void a_contact_comes_back_as_it_went_in_and_keeps_its_past(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_contact(f, "Müller");
    struct store_tx *tx = fixture_begin(f);
    struct store_contact contact = get(f, tx, &id);
    struct json_list versions;
    int64_t version;
    assert_true(str_eq(contact.contact.family_name, STR("Müller")) && str_eq(contact.reading, STR("{\"claims\":[]}")));
    contact.contact.family_name = STR("Maier");
    MUST(f, store_contact_save(tx, &contact, &f->user, &version, &f->err));
    assert_int_equal(version, 2);
    FAILS(f, ERR_STALE, store_contact_save(tx, &contact, &f->user, &version, &f->err));
    MUST(f, store_contact_versions(tx, &id, f->arena, &versions, &f->err));
    assert_int_equal(versions.n, 1);
    const struct store_contact_version *old = versions.items;
    assert_true(str_eq(old->contact.family_name, STR("Müller")) && id_eq(&old->saved_by, &f->user));
    fixture_commit(f, tx);
}

static void deletion_hides_and_restoration_shows(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_contact(f, "Gone");
    struct store_tx *tx = fixture_begin(f);
    int64_t version;
    FAILS(f, ERR_STALE, store_contact_delete(tx, &id, 7, &f->err));
    FAILS(f, ERR_CONFLICT, store_contact_restore(tx, &id, 1, &f->err));
    MUST(f, store_contact_delete(tx, &id, 1, &f->err));
    FAILS(f, ERR_CONFLICT, store_contact_delete(tx, &id, 0, &f->err));
    struct store_contact contact = get(f, tx, &id);
    assert_true(contact.deleted_at > 0);
    FAILS(f, ERR_NOT_FOUND, store_contact_save(tx, &contact, NULL, &version, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_contact_move(tx, &id, 0, "read", "matched", &f->err));
    MUST(f, store_contact_restore(tx, &id, 2, &f->err));
    FAILS(f, ERR_CONFLICT, store_contact_move(tx, &id, 0, "matched", "confirmed", &f->err));
    MUST(f, store_contact_move(tx, &id, 3, "read", "matched", &f->err));
    FAILS(f, ERR_STALE, store_contact_move(tx, &id, 3, "matched", "confirmed", &f->err));
    struct id none = id_new();
    FAILS(f, ERR_NOT_FOUND, store_contact_delete(tx, &none, 0, &f->err));
    store_rollbackp(&tx);
}

/* Walks the list in pages of three and gives the number of contacts; each must be older than the one before. */
static size_t walk(struct fixture *f, struct store_tx *tx, const struct store_contact_filter *filter)
{
    struct store_page page = {.limit = 3};
    struct json_list items = {.n = 3};
    size_t n = 0;
    while (items.n == 3) {
        MUST(f, store_contact_list(tx, filter, &page, f->arena, &items, &f->err));
        for (size_t i = 0; i < items.n; i++) {
            const struct store_contact *contact = (const struct store_contact *)items.items + i;
            assert_true(id_none(&page.before) || strcmp(contact->id.s, page.before.s) < 0);
            page.before = contact->id;
            n++;
        }
    }
    return n;
}

static void pages_lose_and_double_nothing_and_filters_hold(void **state)
{
    struct fixture *f = *state;
    struct id stranger, list;
    struct store_tx *tx = fixture_begin(f);
    struct store_user user = {.email = STR("s@example.com"), .role = STR("user"), .state = STR("active")};
    MUST(f, store_user_add(tx, &user, &stranger, &f->err));
    MUST(f, store_list_add(tx, &f->user, STR("Pages"), &list, &f->err));
    struct store_contact contact = {
        .list = list, .owner = f->user, .state = STR("read"), .contact = {.family_name = STR("P")}};
    struct id id;
    for (int i = 0; i < 10; i++)
        MUST(f, store_contact_add(tx, &contact, &id, &f->err));
    struct store_contact_filter filter = {.list = &list};
    assert_int_equal(walk(f, tx, &filter), 10);
    filter.state = STR("matched");
    assert_int_equal(walk(f, tx, &filter), 0);
    filter = (struct store_contact_filter){.list = &list, .user = &stranger};
    assert_int_equal(walk(f, tx, &filter), 0);
    struct store_list row;
    struct store_list_member reader = {stranger, STR("reader")};
    MUST(f, store_list_get(tx, &list, f->arena, &row, &f->err));
    assert_int_equal(row.contacts, 10);
    row.members = (struct json_list){&reader, 1};
    MUST(f, store_list_save(tx, &row, &f->err));
    FAILS(f, ERR_STALE, store_list_save(tx, &row, &f->err));
    assert_int_equal(walk(f, tx, &filter), 10);
    FAILS(f, ERR_CONFLICT, store_list_delete(tx, &list, 2, &f->err));
    store_rollbackp(&tx);
}

static void keys_find_contacts_and_common_ones_say_nothing(void **state)
{
    struct fixture *f = *state;
    const struct str texts[] = {STR("rare|x"), STR("common|x")};
    struct id ids[5];
    int64_t keys[2], same[2];
    struct json_list found;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        ids[i] = fixture_contact(f, "Keys");
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_match_keys(tx, texts, 2, keys, &f->err));
    MUST(f, store_match_keys(tx, texts, 2, same, &f->err));
    assert_memory_equal(keys, same, sizeof keys);
    assert_int_not_equal(keys[0], keys[1]);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        MUST(f, store_match_keys_set(tx, STORE_CONTACT, &ids[i], i ? keys + 1 : keys, i ? 1 : 2, &f->err));
    struct store_contact_filter filter = {.keys = keys, .key_count = 1};
    struct store_page page = {.limit = 50};
    MUST(f, store_contact_list(tx, &filter, &page, f->arena, &found, &f->err));
    assert_int_equal(found.n, 1);
    struct store_meet meet = {.kind = STORE_CONTACT, .keys = keys, .n = 2, .cap = 5, .limit = 10};
    MUST(f, store_match_keys_meet(tx, &meet, f->arena, &found, &f->err));
    assert_int_equal(found.n, 5);
    const struct store_meeting *first = found.items;
    assert_true(id_eq(&first->id, &ids[0]));
    assert_int_equal(first->shared, 2);
    meet.cap = 4;
    MUST(f, store_match_keys_meet(tx, &meet, f->arena, &found, &f->err));
    assert_int_equal(found.n, 1);
    MUST(f, store_contact_delete(tx, &ids[0], 0, &f->err));
    MUST(f, store_match_keys_meet(tx, &meet, f->arena, &found, &f->err));
    assert_int_equal(found.n, 0);
    store_rollbackp(&tx);
}

static void meeting_is_quick_right_after_an_import(void **state)
{
    enum { RECORDS = 1500, KEYS = 12, MEETINGS = 100 };
    struct fixture *f = *state;
    int64_t keys[KEYS], started;
    struct id id;
    bool is_new;
    struct json_list found;
    struct store_tx *tx = fixture_begin(f);
    for (int i = 0; i < RECORDS; i++) {
        struct store_record record = {
            .connection = f->connection, .remote_id = str_printf(f->arena, "import %d", i), .kind = STR("person")};
        for (int k = 0; k < KEYS; k++)
            keys[k] = ((int64_t)i * (k + 1) % 997 * 1000 + k) << 20;
        MUST(f, store_record_put(tx, &record, &id, &is_new, &f->err));
        MUST(f, store_match_keys_set(tx, STORE_RECORD, &id, keys, KEYS, &f->err));
    }
    started = clock_mono_ms();
    struct store_meet meet = {.kind = STORE_RECORD, .keys = keys, .n = KEYS, .cap = 100, .limit = 20};
    for (int i = 0; i < MEETINGS; i++)
        MUST(f, store_match_keys_meet(tx, &meet, f->arena, &found, &f->err));
    assert_true(found.n > 1);
    assert_in_range(clock_mono_ms() - started, 0, 3000); /* 0.1 s; a plan that walks all keys takes 20 s and more */
    store_rollbackp(&tx);
}

static void the_same_upload_is_the_earlier_scan(void **state)
{
    struct fixture *f = *state;
    struct store_blob blob;
    struct id id, same;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_blob_put(tx, STR("not really a photo of Zwiebelturm"), "image/jpeg", &blob, &f->err));
    struct store_scan scan = {.list = f->list, .user = f->user, .blob = blob.id};
    FAILS(f, ERR_CONFLICT, store_scan_add(tx, &scan, &id, &f->err));
    MUST(f, store_scan_same(tx, &f->user, &(struct store_scan_content){&blob.content_hash, NULL}, &same, &f->err));
    assert_true(id_eq(&same, &f->scan));
    MUST(f, store_scan_delete(tx, &f->scan, 0, &f->err));
    FAILS(f, ERR_NOT_FOUND,
          store_scan_same(tx, &f->user, &(struct store_scan_content){&blob.content_hash, NULL}, &same, &f->err));
    MUST(f, store_scan_add(tx, &scan, &id, &f->err));
    store_rollbackp(&tx);
    store_blob_discard(f->store, &blob);
}

static void a_scan_leaves_only_the_state_it_is_in(void **state)
{
    struct fixture *f = *state;
    const struct str advice[] = {STR("blur"), STR("dark")};
    struct store_scan scan;
    struct str thumb;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_scan_get(tx, &f->scan, f->arena, &scan, &f->err));
    assert_int_equal(scan.cards.n, 1);
    const struct store_card *card = scan.cards.items;
    assert_true(id_eq(&card->contact, &f->contact) && str_eq(card->reading, STR("{} Zwiebelturm")));
    MUST(f, store_card_thumb(tx, &f->scan, 1, f->arena, &thumb, &f->err));
    assert_true(str_eq(thumb, STR("not really a small picture of Zwiebelturm")));
    FAILS(f, ERR_NOT_FOUND, store_card_thumb(tx, &f->scan, 2, f->arena, &thumb, &f->err));
    FAILS(f, ERR_CONFLICT, store_scan_move(tx, &f->scan, "received", "reading", &f->err));
    MUST(f, store_scan_move(tx, &f->scan, "read", "reading", &f->err));
    scan.advice = (struct json_list){(void *)(uintptr_t)advice, 2};
    scan.problem = STR("no-card");
    MUST(f, store_scan_fail(tx, &scan, "reading", &f->err));
    MUST(f, store_scan_get(tx, &f->scan, f->arena, &scan, &f->err));
    assert_int_equal(scan.advice.n, 2);
    assert_true(str_eq(((const struct str *)scan.advice.items)[1], STR("dark")) &&
                str_eq(scan.problem, STR("no-card")));
    store_rollbackp(&tx);
}

static void a_record_keeps_its_id_through_death_and_return(void **state)
{
    struct fixture *f = *state;
    struct store_record record;
    struct id id;
    bool is_new;
    int64_t n;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_record_get(tx, &f->record, f->arena, &record, &f->err));
    assert_true(str_eq(record.remote_id, STR("/people/ Zwiebelturm")));
    MUST(f, store_record_bury(tx, &f->connection, record.remote_id, &f->err));
    MUST(f, store_record_find(tx, &f->connection, record.remote_id, f->arena, &record, &f->err));
    assert_true(record.deleted_at > 0);
    struct json_list list;
    MUST(f, store_candidates_of(tx, &f->contact, f->arena, &list, &f->err));
    assert_int_equal(list.n, 0);
    record.contact.given_name = STR("Back");
    MUST(f, store_record_put(tx, &record, &id, &is_new, &f->err));
    assert_true(id_eq(&id, &f->record) && !is_new);
    MUST(f, store_record_get_many(tx, &id, 1, f->arena, &list, &f->err));
    assert_int_equal(list.n, 1);
    MUST(f, store_record_bury_unseen(tx, &f->connection, store_tx_now(tx), &n, &f->err));
    assert_int_equal(n, 0);
    MUST(f, store_record_bury_unseen(tx, &f->connection, store_tx_now(tx) + 1000, &n, &f->err));
    assert_int_equal(n, 1);
    store_rollbackp(&tx);
}

static void a_decision_outlives_a_new_match_and_only_one_is_the_same(void **state)
{
    struct fixture *f = *state;
    struct store_record record = {.connection = f->connection, .remote_id = STR("r2"), .kind = STR("person")};
    struct id other;
    bool is_new;
    struct json_list list;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_record_put(tx, &record, &other, &is_new, &f->err));
    const struct store_candidate found[] = {
        {.record = other, .weight = 20, .probability = 1, .band = STR("obvious"), .reasons = STR("[1]")}};
    MUST(f, store_candidates_set(tx, &f->contact, found, 1, &f->err));
    MUST(f, store_candidates_of(tx, &f->contact, f->arena, &list, &f->err));
    assert_int_equal(list.n, 2);
    const struct store_candidate *c = list.items;
    assert_true(id_eq(&c[0].record, &other) && !c[0].decided.p && str_eq(c[0].reasons, STR("[1]")));
    assert_true(str_eq(c[1].decided, STR("same")) && str_eq(c[1].why, STR("met Zwiebelturm")));
    MUST(f, store_candidate_decide(tx, &c[0].id, true, STR_NONE, &f->user, &f->err));
    MUST(f, store_candidates_of(tx, &f->contact, f->arena, &list, &f->err));
    c = list.items;
    assert_true(str_eq(c[0].decided, STR("same")) && !c[1].decided.p);
    MUST(f, store_candidates_set(tx, &f->contact, NULL, 0, &f->err));
    MUST(f, store_candidates_of(tx, &f->contact, f->arena, &list, &f->err));
    assert_int_equal(list.n, 1);
    store_rollbackp(&tx);
}

static void a_secret_is_shown_only_where_it_is_asked_for(void **state)
{
    struct fixture *f = *state;
    struct store_connection connection;
    struct err down = {.code = ERR_CRM_DOWN, .param = "no answer"};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_connection_get(tx, &f->connection, f->arena, &connection, &f->err));
    assert_null(connection.secret.p);
    assert_int_equal(connection.records, 1);
    MUST(f, store_connection_health(tx, &f->connection, "down", &down, NULL, &f->err));
    MUST(f, store_connection_cursor(tx, &f->connection, STR("page 2"), false, &f->err));
    MUST(f, store_connection_open(tx, &f->connection, f->arena, &connection, &f->err));
    assert_true(str_eq(connection.secret, STR("secret Zwiebelturm")) && str_eq(connection.cursor, STR("page 2")));
    assert_true(str_eq(connection.problem, STR("crm-unreachable")) && connection.ok_at == 0 && connection.version == 1);
    MUST(f, store_connection_delete(tx, &f->connection, 1, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_connection_get(tx, &f->connection, f->arena, &connection, &f->err));
    store_rollbackp(&tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_contact_comes_back_as_it_went_in_and_keeps_its_past),
        cmocka_unit_test(deletion_hides_and_restoration_shows),
        cmocka_unit_test(pages_lose_and_double_nothing_and_filters_hold),
        cmocka_unit_test(keys_find_contacts_and_common_ones_say_nothing),
        cmocka_unit_test(meeting_is_quick_right_after_an_import),
        cmocka_unit_test(the_same_upload_is_the_earlier_scan),
        cmocka_unit_test(a_scan_leaves_only_the_state_it_is_in),
        cmocka_unit_test(a_record_keeps_its_id_through_death_and_return),
        cmocka_unit_test(a_decision_outlives_a_new_match_and_only_one_is_the_same),
        cmocka_unit_test(a_secret_is_shown_only_where_it_is_asked_for),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
