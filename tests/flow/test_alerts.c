/* Alerts: each pattern planted is told of once, with its culprit; one less than the least is quiet; what was seen is
 * not told of again until more happens. And what the trail knows of reads. */
#include "flow/audit/alerts.h"
#include "flow/audit/audit.h"
#include "flow/audit/search.h"
#include "tests/flow/world.h"

enum { GUESSES = 10, READS = 1000, EXPORTS = 500 };

static struct json_list alerts(struct world *w)
{
    struct flow_alert_query query = {.page = {.limit = 100}};
    struct flow_list list;
    MUST(w, flow_alerts_sweep(&w->flow, &w->admin.org, &w->err));
    MUST(w, flow_alert_list(&w->flow, &w->admin, &query, w->arena, &list, &w->err));
    return list.items;
}

/* The open alert of that kind, or NULL; there is one at most. */
static const struct flow_alert *alert(struct world *w, const char *kind)
{
    const struct flow_alert *found = NULL;
    struct json_list all = alerts(w);
    for (size_t i = 0; i < all.n; i++) {
        const struct flow_alert *one = (const struct flow_alert *)all.items + i;
        if (strcmp(flow_alert_words[one->kind], kind) != 0)
            continue;
        assert_null(found);
        found = one;
    }
    return found;
}

static void see(struct world *w, const struct flow_alert *open)
{
    struct flow_alert seen;
    MUST(w, flow_alert_see(&w->flow, &w->admin, world_id(open->id), w->arena, &seen, &w->err));
    assert_true(str_eq(seen.seen_by, id_str(&w->admin.user)));
    FAILS(w, ERR_CONFLICT, flow_alert_see(&w->flow, &w->admin, world_id(open->id), w->arena, &seen, &w->err));
}

static void refuse(struct world *w, const char *address, int times)
{
    struct flow_actor guesser = {.org = w->admin.org, .origin = {.address = str_c(address)}};
    struct flow_deed deed = {.action = "sign_in.refused", .kind = "user", .subject = &w->user.user};
    for (int i = 0; i < times; i++)
        MUST(w, flow_audit(&w->flow, &guesser, &deed, &w->err));
}

static void guessing_is_told_of_by_its_address(void **state)
{
    struct world *w = *state;
    refuse(w, "198.51.100.7", GUESSES - 1);
    refuse(w, "198.51.100.8", 1);
    assert_null(alert(w, "guessing"));
    refuse(w, "198.51.100.7", 1);
    const struct flow_alert *open = alert(w, "guessing");
    assert_non_null(open);
    assert_true(str_eq(open->address, STR("198.51.100.7")));
    assert_int_equal(open->amount, GUESSES);
    refuse(w, "198.51.100.7", 3);
    open = alert(w, "guessing"); /* the same one, brought up to date */
    assert_int_equal(open->amount, GUESSES + 3);
    see(w, open);
    assert_null(alert(w, "guessing"));
    refuse(w, "198.51.100.7", 1);
    assert_non_null(alert(w, "guessing"));
    see(w, alert(w, "guessing"));
}

static void guessing_one_account_from_many_addresses_is_told_of_by_the_account(void **state)
{
    struct world *w = *state;
    struct flow_deed deed = {.action = "totp.refused", .kind = "user", .subject = &w->user.user};
    for (int i = 0; i < GUESSES; i++) {
        struct flow_actor guesser = {
            .org = w->admin.org, .user = w->user.user, .origin = {.address = str_printf(w->arena, "203.0.113.%d", i)}};
        assert_null(alert(w, "guessing"));
        MUST(w, flow_audit(&w->flow, &guesser, &deed, &w->err));
    }
    const struct flow_alert *open = alert(w, "guessing");
    assert_true(str_eq(open->user_id, id_str(&w->user.user)));
    see(w, open);
}

/* Entries as the API writes them for lists of `page` records. */
static void read_many(struct world *w, const char *action, size_t n, size_t page)
{
    struct id *ids = arena_array(w->arena, n, sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = id_new();
    for (size_t at = 0; at < n; at += page) {
        struct flow_deed deed = {.action = action,
                                 .kind = "contact",
                                 .subject = &(const struct id){""},
                                 .records = ids + at,
                                 .n = n - at < page ? n - at : page};
        MUST(w, flow_audit(&w->flow, &w->user, &deed, &w->err));
    }
}

static void mass_reading_is_told_of(void **state)
{
    struct world *w = *state;
    struct id same = id_new();
    for (int i = 0; i < 20; i++) { /* the same again and again is no mass */
        struct flow_deed deed = {.action = "contact.read", .kind = "contact", .subject = &same};
        MUST(w, flow_audit(&w->flow, &w->user, &deed, &w->err));
    }
    read_many(w, "contact.read", READS - 2, 200);
    assert_null(alert(w, "mass_reading"));
    read_many(w, "contact.read", 1, 200);
    const struct flow_alert *open = alert(w, "mass_reading");
    assert_int_equal(open->amount, READS);
    assert_true(str_eq(open->user_id, id_str(&w->user.user)));
}

static void mass_export_is_told_of(void **state)
{
    struct world *w = *state;
    read_many(w, "export.read", EXPORTS - 1, EXPORTS);
    assert_null(alert(w, "mass_export"));
    read_many(w, "export.read", 1, EXPORTS);
    assert_int_equal(alert(w, "mass_export")->amount, EXPORTS);
}

static void a_new_host_is_told_of_once(void **state)
{
    struct world *w = *state;
    flow_egress_told(&w->flow, &w->admin.org, &w->fake, STR("crm.muster.example"));
    const struct flow_alert *open = alert(w, "new_host");
    assert_true(str_eq(open->host, STR("crm.muster.example")));
    see(w, open);
    for (int i = 0; i < 3; i++)
        flow_egress_told(&w->flow, &w->admin.org, &w->forgetful, STR("crm.muster.example"));
    assert_null(alert(w, "new_host"));
    flow_egress_told(&w->flow, &w->admin.org, &w->fake, STR("elsewhere.example"));
    assert_true(str_eq(alert(w, "new_host")->host, STR("elsewhere.example")));
}

static void only_administrators_see_alerts_and_the_trail(void **state)
{
    struct world *w = *state;
    struct flow_alert_query query = {.page = {.limit = 10}};
    struct flow_audit_query question = {.page = {.limit = 10}};
    struct flow_audit_records records;
    struct flow_list list;
    FAILS(w, ERR_FORBIDDEN, flow_alert_list(&w->flow, &w->user, &query, w->arena, &list, &w->err));
    FAILS(w, ERR_FORBIDDEN, flow_audit_list(&w->flow, &w->user, &question, w->arena, &list, &w->err));
    FAILS(w, ERR_FORBIDDEN, flow_audit_touched(&w->flow, &w->user, &question, w->arena, &records, &w->err));
}

static void what_a_session_reads_is_known_by_session_address_and_record(void **state)
{
    struct world *w = *state;
    struct contact person = world_person(w, 71), other = world_person(w, 72);
    struct flow_contact a = world_contact(w, &person), b = world_contact(w, &other), seen;
    struct flow_actor reader = w->user;
    struct flow_audit_records records;
    struct id session = id_new();
    reader.origin = (struct store_origin){.session = session, .address = STR("2001:db8::7")};
    reader.reads = flow_reads_new(w->arena);
    MUST(w, flow_contact_get(&w->flow, &reader, world_id(a.id), w->arena, &seen, &w->err));
    MUST(w, flow_contact_get(&w->flow, &reader, world_id(a.id), w->arena, &seen, &w->err));
    MUST(w, flow_audit_reads(&w->flow, &reader, "contact_get", &w->err));
    const struct flow_audit_query questions[] = {{.session = id_str(&session)},
                                                 {.address = STR("2001:db8::7")},
                                                 {.record = a.id, .user = id_str(&w->user.user)}};
    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        MUST(w, flow_audit_touched(&w->flow, &w->admin, &questions[i], w->arena, &records, &w->err));
        assert_int_equal(records.items.n, 1);
        assert_true(str_eq(((struct flow_audit_record *)records.items.items)->id, a.id));
    }
    const struct flow_audit_query nobody[] = {{.record = b.id}, {.address = STR("2001:db8::8")}};
    for (size_t i = 0; i < ARRAY_LEN(nobody); i++) {
        MUST(w, flow_audit_touched(&w->flow, &w->admin, &nobody[i], w->arena, &records, &w->err));
        assert_int_equal(records.items.n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guessing_is_told_of_by_its_address),
        cmocka_unit_test(guessing_one_account_from_many_addresses_is_told_of_by_the_account),
        cmocka_unit_test(mass_reading_is_told_of),
        cmocka_unit_test(mass_export_is_told_of),
        cmocka_unit_test(a_new_host_is_told_of_once),
        cmocka_unit_test(only_administrators_see_alerts_and_the_trail),
        cmocka_unit_test(what_a_session_reads_is_known_by_session_address_and_record),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
