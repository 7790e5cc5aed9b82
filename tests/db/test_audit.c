/* The audit trail: every tampering is named by the number of the entry; callers who meet share a transaction and none
 * of their entries is lost; what is personal is sealed. */
#include "base/limits.h"
#include "store/core/tx.h"
#include "tests/db/fixture.h"

#include <pthread.h>

enum { ENTRIES = 40, THREADS = 12, EACH = 25 };

static int64_t first_bad(struct fixture *f, int64_t *ret_n)
{
    int64_t bad;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_audit_verify(tx, ret_n, &bad, &f->err));
    store_rollbackp(&tx);
    return bad;
}

static struct store_audit entry_of(struct fixture *f, const char *note)
{
    return (struct store_audit){.user = f->user,
                                .action = "contact.read",
                                .kind = "contact",
                                .subject = f->contact,
                                .request = "request",
                                .note = note,
                                .origin = {.session = f->scan, .address = STR("192.0.2.7"), .why = STR("ticket 12")},
                                .records = &f->connection, /* and the record, which stands behind it */
                                .n = 2};
}

static const struct {
    const char *sql;
    int64_t bad;
} tampering[] = {
    {"update audit set note = 'other' where seq = 17", 17},
    {"update audit set user_id = null where seq = 1", 1},
    {"update audit set at = at + interval '1 second' where seq = 9", 9},
    {"update audit set request = note, note = request where seq = 5", 5},
    {"update audit set session_id = subject_id where seq = 6", 6},
    {"update audit set token_id = subject_id where seq = 7", 7},
    {"update audit set grant_id = subject_id where seq = 8", 8},
    {"update audit set kind = action where seq = 10", 10},
    {"update audit set records = records[1:1] where seq = 11", 11},
    {"update audit set records = array[records[2], records[1]] where seq = 13", 13},
    {"update audit set address = overlay(address placing '\\x00' from 3) where seq = 14", 14},
    {"update audit set address_hash = null where seq = 15", 15},
    {"update audit set why = null where seq = 16", 16},
    {"update audit set hash = '' where seq = 18", 18},
    {"delete from audit where seq = 12", 12},
    {"delete from audit where seq > 30", 31},
    {"delete from audit", 1},
    {"update audit a set action = b.action, note = b.note from audit b where a.seq in (3, 4) and b.seq = 7 - a.seq", 3},
    {"insert into audit select org_id, 41, at, user_id, session_id, token_id, grant_id, address, address_hash, action, "
     "kind, "
     "subject_id, records, request, note, why, hash from audit where seq = 40",
     41},
    {"update journal_heads set audit_hash = ''", ENTRIES + 1},
};

static void every_tampering_is_named(void **state)
{
    struct fixture *f = *state;
    int64_t n;
    for (int i = 0; i < ENTRIES; i += 2) {
        char note[16];
        struct store_tx *tx = fixture_begin(f);
        for (int k = 0; k < 2; k++) {
            (void)snprintf(note, sizeof note, "n=%d", i + k);
            struct store_audit entry = entry_of(f, note);
            store_audit(tx, &entry);
        }
        fixture_commit(f, tx);
    }
    assert_int_equal(first_bad(f, &n), 0);
    assert_int_equal(n, ENTRIES);
    fixture_super(f,
                  "create table kept as select * from audit; create table kept_heads as select * from journal_heads");
    for (size_t i = 0; i < ARRAY_LEN(tampering); i++) {
        fixture_super(f, tampering[i].sql);
        if (first_bad(f, &n) != tampering[i].bad)
            fail_msg("%s: named %lld", tampering[i].sql, (long long)first_bad(f, &n));
        fixture_super(
            f, "delete from audit; insert into audit select * from kept;"
               "update journal_heads h set audit_hash = k.audit_hash from kept_heads k where k.org_id = h.org_id");
        assert_int_equal(first_bad(f, &n), 0);
    }
    fixture_super(f, "drop table kept, kept_heads");
}

static void *append_many(void *self)
{
    struct fixture *f = self;
    struct store_audit entries[2] = {entry_of(f, "first"), entry_of(f, "second")};
    struct err err;
    for (int i = 0; i < EACH; i++)
        if (store_audit_append(f->store, &f->org, entries, 2, &err) < 0)
            return self;
    return NULL;
}

static void callers_who_meet_lose_nothing(void **state)
{
    struct fixture *f = *state;
    pthread_t thread[THREADS];
    int64_t before, after;
    assert_int_equal(first_bad(f, &before), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, append_many, f), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        assert_int_equal(pthread_join(thread[i], &failed), 0);
        assert_null(failed);
    }
    assert_int_equal(first_bad(f, &after), 0);
    assert_int_equal(after - before, 2 * THREADS * EACH);
}

static void an_entry_that_cannot_be_written_is_an_error_for_its_caller(void **state)
{
    struct fixture *f = *state;
    struct store_audit entry = entry_of(f, "bad text: \xff");
    int64_t before, after;
    (void)first_bad(f, &before);
    assert_int_equal(store_audit_append(f->store, &f->org, &entry, 1, &f->err), -1);
    entry = entry_of(f, "good");
    MUST(f, store_audit_append(f->store, &f->org, &entry, 1, &f->err));
    assert_int_equal(first_bad(f, &after), 0);
    assert_int_equal(after, before + 1);
}

static void lines_hold_no_address_and_chain(void **state)
{
    struct fixture *f = *state;
    struct store_audit entry = entry_of(f, "line");
    struct store_audit_head head;
    struct str lines;
    int64_t last, n;
    MUST(f, store_audit_append(f->store, &f->org, &entry, 1, &f->err));
    assert_int_equal(first_bad(f, &n), 0);
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_audit_head(tx, &head, &f->err));
    MUST(f, store_audit_lines(tx, head.seq - 1, f->arena, &lines, &last, &f->err));
    store_rollbackp(&tx);
    assert_int_equal(last, head.seq);
    assert_true(str_starts(lines, crypto_hex(crypto_hash_str(&head.hash), f->arena)));
    assert_true(str_find(lines, STR("192.0.2.7"), 0) < 0 && str_find(lines, STR("ticket"), 0) < 0);
    assert_true(str_find(lines, id_str(&f->record), 0) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tampering_is_named),
        cmocka_unit_test(callers_who_meet_lose_nothing),
        cmocka_unit_test(an_entry_that_cannot_be_written_is_an_error_for_its_caller),
        cmocka_unit_test(lines_hold_no_address_and_chain),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
