/* Mappings through the use cases: drafts are judged, active versions decide what is kept, shown and written, a change
 * in the CRM becomes a warning, and what was written by an earlier version is taken back by it. */
#include "flow/mapping.h"
#include "tests/flow/world.h"

#define W(state) struct world *w = *(state)

static int people = 700;

static struct flow_mapping now(struct world *w)
{
    struct flow_mapping mapping;
    MUST(w, flow_mapping_get(&w->flow, &w->admin, w->fake, w->arena, &mapping, &w->err));
    return mapping;
}

/* The active mapping without a field. */
static struct crm_mapping_doc without(struct world *w, const char *ours)
{
    struct crm_mapping_doc doc = now(w).active.mapping;
    struct crm_mapping_row *rows = doc.rows.items;
    size_t n = 0;
    for (size_t i = 0; i < doc.rows.n; i++)
        if (!str_eq(rows[i].ours, str_c(ours)))
            rows[n++] = rows[i];
    doc.rows.n = n;
    return doc;
}

static struct flow_mapping draft(struct world *w, const struct crm_mapping_doc *doc)
{
    const struct flow_mapping_change change = {w->fake, now(w).version, doc};
    struct flow_mapping mapping;
    MUST(w, flow_mapping_draft(&w->flow, &w->admin, &change, w->arena, &mapping, &w->err));
    return mapping;
}

static struct flow_activation activate(struct world *w)
{
    const struct flow_mapping_change change = {w->fake, now(w).version, NULL};
    struct flow_activation activation;
    MUST(w, flow_mapping_activate(&w->flow, &w->admin, &change, w->arena, &activation, &w->err));
    (void)world_work(w);
    return activation;
}

/* Back to what the connector comes with. */
static void restore(struct world *w, const struct crm_mapping_doc *doc)
{
    (void)draft(w, doc);
    assert_true(activate(w).active);
}

static void group_is(struct world *w, const struct flow_contact *contact, const char *field, const char *group)
{
    const struct flow_review_query query = {.contact = world_id(contact->id), .connection = w->fake};
    struct flow_review review;
    MUST(w, flow_review(&w->flow, &w->user, &query, w->arena, &review, &w->err));
    const struct flow_review_field *fields = review.fields.items;
    for (size_t i = 0; i < review.fields.n; i++)
        if (str_eq(fields[i].field, str_c(field))) {
            assert_string_equal(flow_group_words[fields[i].group], group);
            assert_true(strcmp(group, "unmapped") != 0 || !fields[i].crm.p);
            return;
        }
    fail_msg("%s is not in the merge view", field);
}

static void a_place_left_out_is_neither_written_nor_shown_and_undo_uses_the_version_it_was_written_by(void **state)
{
    W(state);
    struct crm_mapping_doc shipped = now(w).active.mapping, less = without(w, "phones");
    struct contact card = world_person(w, people++), before = world_person(w, people++);
    struct contact whole = world_mapped(&before), lacking = world_mapped(&card);
    struct flow_contact earlier = world_contact(w, &before);
    struct flow_write_back old = world_write(w, &earlier, w->fake), fresh;
    (void)world_work(w);
    assert_int_equal(fake_crm_living(&whole, w->arena), 1);
    assert_int_equal(draft(w, &less).active.version, 0);
    assert_true(activate(w).active);
    assert_int_equal(now(w).active.version, 1);
    struct flow_contact contact = world_contact(w, &card);
    group_is(w, &contact, "phones", "unmapped");
    (void)world_write(w, &contact, w->fake);
    (void)world_work(w);
    lacking.phones = (struct json_list){NULL, 0};
    assert_int_equal(fake_crm_count("create", &lacking, w->arena), 1);
    MUST(w, flow_write_undo(&w->flow, &w->user, world_id(old.id), w->arena, &fresh, &w->err));
    (void)world_work(w);
    assert_state(world_write_back(w, &old), "undone");
    assert_int_equal(fake_crm_living(&whole, w->arena), 0);
    restore(w, &shipped);
    group_is(w, &contact, "phones", "addition");
}

static void a_plan_made_by_another_version_is_stale(void **state)
{
    W(state);
    struct crm_mapping_doc shipped = now(w).active.mapping, less = without(w, "addresses");
    struct contact card = world_person(w, people++);
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview preview = world_preview(w, &contact, w->fake);
    const struct flow_write write = {world_id(preview.id), contact.version};
    struct flow_write_back write_back;
    restore(w, &less);
    FAILS(w, ERR_STALE, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    restore(w, &shipped);
}

static void a_draft_is_judged_and_errors_keep_it_from_being_used(void **state)
{
    W(state);
    struct crm_mapping_doc less = without(w, "job_title"), shipped = now(w).active.mapping;
    int64_t version = now(w).active.version;
    (void)snprintf(fake_crm->gone, sizeof fake_crm->gone, "mail");
    struct flow_mapping kept = draft(w, &less);
    assert_non_null(kept.draft);
    const struct flow_finding *finding = kept.draft->findings.items;
    assert_true(kept.draft->findings.n == 1 && finding->error && str_eq(finding->theirs, STR("mail")));
    assert_true(str_find(finding->sentence, STR("mail"), 0) >= 0);
    assert_false(activate(w).active);
    assert_int_equal(now(w).active.version, version);
    fake_crm->gone[0] = 0;
    assert_true(activate(w).active);
    assert_null(now(w).draft);
    restore(w, &shipped);
    assert_null(draft(w, &shipped).draft); /* says what the active one says: nothing to keep */
}

static void what_changes_in_the_crm_becomes_a_warning(void **state)
{
    W(state);
    struct crm_mapping_doc doc = without(w, "name_prefix"), shipped = now(w).active.mapping;
    struct flow_connection connection;
    struct id job;
    fake_crm->length = 80;
    restore(w, &doc);
    (void)snprintf(fake_crm->gone, sizeof fake_crm->gone, "tel");
    fake_crm->length = 40;
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    MUST(w, flow_connection_get(&w->flow, &w->user, w->fake, w->arena, &connection, &w->err));
    assert_int_equal(connection.mapping_warnings, (int64_t)doc.rows.n); /* one is gone, the others are shorter */
    assert_string_equal(flow_health_words[connection.health.state], "ok");
    const struct flow_mapping_version active = now(w).active;
    assert_int_equal(active.findings.n, doc.rows.n);
    fake_crm->gone[0] = 0;
    fake_crm->length = 0;
    restore(w, &shipped);
    MUST(w, flow_connection_get(&w->flow, &w->user, w->fake, w->arena, &connection, &w->err));
    assert_int_equal(connection.mapping_warnings, 0);
}

static void export_and_import_say_the_same_and_strangers_are_refused(void **state)
{
    W(state);
    struct crm_mapping_doc doc, bad, again;
    struct flow_mapping mapping;
    MUST(w, flow_mapping_export(&w->flow, &w->admin, w->fake, w->arena, &doc, &w->err));
    struct str text = json_write(&crm_mapping_doc_shape, &doc, w->arena);
    MUST(w, json_read(&crm_mapping_doc_shape, text, w->arena, &again, &w->err));
    assert_true(str_eq(text, json_write(&crm_mapping_doc_shape, &again, w->arena)));
    FAILS(w, ERR_INVALID,
          json_read(&crm_mapping_doc_shape, STR("{\"connector\":\"fake\",\"object\":\"contact\",\"more\":1}"), w->arena,
                    &bad, &w->err));
    FAILS(w, ERR_FORBIDDEN, flow_mapping_get(&w->flow, &w->user, w->fake, w->arena, &mapping, &w->err));
    again.connector = STR("salesforce");
    struct flow_mapping_change change = {w->fake, now(w).version, &again};
    FAILS(w, ERR_INVALID, flow_mapping_draft(&w->flow, &w->admin, &change, w->arena, &mapping, &w->err));
    again = without(w, "emails");
    change.version--;
    FAILS(w, ERR_STALE, flow_mapping_draft(&w->flow, &w->admin, &change, w->arena, &mapping, &w->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_left_out_is_neither_written_nor_shown_and_undo_uses_the_version_it_was_written_by),
        cmocka_unit_test(a_plan_made_by_another_version_is_stale),
        cmocka_unit_test(a_draft_is_judged_and_errors_keep_it_from_being_used),
        cmocka_unit_test(what_changes_in_the_crm_becomes_a_warning),
        cmocka_unit_test(export_and_import_say_the_same_and_strangers_are_refused),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
