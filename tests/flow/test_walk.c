/* The walk of one card on a real database: photo, reading, contact, candidates, review, dry run, write, undo. */
#include "tests/flow/world.h"

#include "base/limits.h"
#include "flow/subject_answer.h"

#define W(state) struct world *w = *(state)

/* Enough of a JPEG to be taken for one. */
static struct str photo(struct world *w, int number)
{
    return str_printf(w->arena, "\xff\xd8\xff\xe0 a photo of card %d %0200d", number, 0);
}

static int submit(struct world *w, struct str bytes, struct flow_scan *ret_scan, bool *ret_earlier)
{
    _cleanup_(flow_submit_freep) struct flow_submit *submit = NULL;
    if (flow_submit_begin(&w->flow, &w->user, &(struct flow_submit_goal){0}, &submit, &w->err) < 0)
        return -1;
    for (size_t i = 0; i < bytes.n; i += 7)
        if (flow_submit_write(submit, str_slice(bytes, i, i + 7), &w->err) < 0)
            return -1;
    return flow_submit_commit(submit, w->arena, ret_scan, ret_earlier, &w->err);
}

static struct flow_scan scan_now(struct world *w, const struct flow_scan *scan)
{
    struct flow_scan now;
    MUST(w, flow_scan_get(&w->flow, &w->user, world_id(scan->id), w->arena, &now, &w->err));
    return now;
}

static void say_card(struct world *w, const struct contact *contact)
{
    w->reading =
        str_printf(w->arena,
                   "{\"width\":800,\"height\":500,\"media_type\":\"image/jpeg\",\"cards\":[{\"card\":1,"
                   "\"quad\":[[0,0],[799,0],[799,499],[0,499]],\"contact\":%.*s,\"fields\":[{\"field\":"
                   "\"job_title\",\"value\":\"Einkauf\",\"raw\":\"Einkauf\",\"confidence\":0.9,\"box\":[1,2,3,4],"
                   "\"card_box\":[5,6,7,8],\"alternatives\":[]}],\"unassigned\":[{\"text\":\"seit 1899\","
                   "\"box\":[1,1,1,1],\"card_box\":[1,1,1,1]}],\"quality\":{\"advice\":[\"blur\",\"blur\"],"
                   "\"sharpness\":0.5},\"ms\":{\"decode\":1,\"find\":1,\"read\":1,\"extract\":1,\"total\":4},"
                   "\"width\":700,\"height\":400,\"jpeg\":\"/9j/4AAQ\"}],\"problem\":null,\"param\":null}",
                   STR_ARG(json_write(&contact_shape, contact, w->arena)));
}

static struct flow_scan read_card_of(struct world *w, const struct contact *person, int number)
{
    struct flow_scan scan;
    bool earlier;
    say_card(w, person);
    assert_int_equal(submit(w, photo(w, number), &scan, &earlier), 0);
    assert_false(earlier);
    (void)world_work(w);
    return scan_now(w, &scan);
}

static void a_photo_becomes_a_contact_with_places_on_the_card(void **state)
{
    W(state);
    struct contact person = world_person(w, 1);
    struct flow_scan scan = read_card_of(w, &person, 1);
    struct flow_contact contact;
    assert_string_equal(flow_scan_words[scan.state], "read");
    assert_int_equal(scan.cards.n, 1);
    assert_int_equal(scan.quality.advice.n, 1);
    const struct flow_scan_card *card = scan.cards.items;
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(card->contact_id), w->arena, &contact, &w->err));
    assert_string_equal(flow_contact_words[contact.state], "matched");
    assert_int_equal(contact.verdict.kind, FLOW_VERDICT_NEW);
    assert_true(contact_same(&contact.contact, &person));
    assert_int_equal(contact.claims.n, 1);
    assert_int_equal(contact.unassigned.n, 1);
    assert_true(str_eq(contact.source.scan_id, scan.id));
}

static void the_pictures_come_back_byte_for_byte(void **state)
{
    W(state);
    struct contact person = world_person(w, 2);
    struct flow_scan scan = read_card_of(w, &person, 2);
    for (int64_t card = 0; card <= 1; card++) {
        _cleanup_(flow_image_freep) struct flow_image *image = NULL;
        struct str expected = card ? STR("\xff\xd8\xff\xe0\x00\x10") : photo(w, 2);
        char bytes[1024];
        size_t n;
        const struct flow_image_choice choice = {.scan = world_id(scan.id), .card = card};
        MUST(w, flow_image_open(&w->flow, &w->user, &choice, &image, &w->err));
        MUST(w, flow_image_read(image, bytes, sizeof bytes, &n, &w->err));
        assert_int_equal(n, expected.n);
        assert_memory_equal(bytes, expected.p, n);
    }
}

static void the_same_bytes_again_are_the_earlier_scan(void **state)
{
    W(state);
    struct flow_scan first, second;
    bool earlier;
    assert_int_equal(submit(w, photo(w, 3), &first, &earlier), 0);
    assert_int_equal(submit(w, photo(w, 3), &second, &earlier), 0);
    assert_true(earlier);
    assert_true(str_eq(first.id, second.id));
}

static void what_is_no_image_is_not_taken(void **state)
{
    W(state);
    struct flow_scan scan;
    bool earlier;
    FAILS(w, ERR_NOT_AN_IMAGE, submit(w, STR("GIF? no."), &scan, &earlier));
    FAILS(w, ERR_NOT_AN_IMAGE, submit(w, STR(""), &scan, &earlier));
    struct str big = {arena_alloc(w->arena, LIMIT_UPLOAD_BYTES + 1), LIMIT_UPLOAD_BYTES + 1};
    memcpy((char *)(uintptr_t)big.p, photo(w, 4).p, 100);
    _cleanup_(flow_submit_freep) struct flow_submit *submit = NULL;
    MUST(w, flow_submit_begin(&w->flow, &w->user, &(struct flow_submit_goal){0}, &submit, &w->err));
    FAILS(w, ERR_TOO_LARGE, flow_submit_write(submit, big, &w->err));
}

static void a_reader_that_dies_is_asked_three_times_and_blocks_nobody(void **state)
{
    W(state);
    struct flow_scan scan, other;
    bool earlier;
    (void)world_work(w); /* what other tests left */
    w->reader_dies = ERR_PARSE_KILLED;
    w->readings = 0;
    assert_int_equal(submit(w, photo(w, 5), &scan, &earlier), 0);
    for (int i = 0; i < 6; i++) {
        (void)world_work(w);
        world_later(w);
    }
    w->reader_dies = ERR_NONE;
    assert_int_equal(w->readings, 3);
    scan = scan_now(w, &scan);
    assert_string_equal(flow_scan_words[scan.state], "failed");
    assert_non_null(scan.problem);
    assert_true(str_ends(scan.problem->type, STR("reading-stopped")));
    struct contact person = world_person(w, 6);
    other = read_card_of(w, &person, 6);
    assert_string_equal(flow_scan_words[other.state], "read");
    MUST(w, flow_scan_retry(&w->flow, &w->user, world_id(scan.id), w->arena, &scan, &w->err));
    (void)world_work(w);
    assert_string_equal(flow_scan_words[scan_now(w, &scan).state], "read");
}

static void nonsense_from_the_reader_is_a_dead_reader(void **state)
{
    W(state);
    struct flow_scan scan;
    bool earlier;
    w->reading = STR("{\"cards\":\"all of them\"}");
    assert_int_equal(submit(w, photo(w, 7), &scan, &earlier), 0);
    for (int i = 0; i < 4; i++) {
        (void)world_work(w);
        world_later(w);
    }
    assert_string_equal(flow_scan_words[scan_now(w, &scan).state], "failed");
}

static void what_does_not_stand_up_is_dropped_and_the_rest_kept(void **state)
{
    W(state);
    struct contact person = world_person(w, 8);
    struct contact_value *mail = person.emails.items;
    mail->value = STR("not an address");
    struct flow_scan scan = read_card_of(w, &person, 8);
    const struct flow_scan_card *card = scan.cards.items;
    struct flow_contact contact;
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(card->contact_id), w->arena, &contact, &w->err));
    assert_int_equal(contact.contact.emails.n, 0);
    assert_true(str_eq(contact.contact.family_name, person.family_name));
}

/* The mirror knows the person: pull, match, review, write, undo. */
static void a_known_person_is_found_and_completed(void **state)
{
    W(state);
    struct contact known = world_person(w, 10), card = known;
    struct flow_list candidates;
    struct id job;
    known.phones = (struct json_list){NULL, 0};
    struct str remote = fake_crm_add(&known, w->arena);
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    struct flow_contact contact = world_contact(w, &card);
    assert_int_equal(contact.verdict.kind, FLOW_VERDICT_EXISTS);
    MUST(w, flow_candidate_list(&w->flow, &w->user, world_id(contact.id), w->arena, &candidates, &w->err));
    assert_true(candidates.items.n >= 1);
    const struct flow_candidate *best = candidates.items.items;
    assert_true(str_eq(best->remote_id, remote));
    assert_true(best->reasons.n >= 2);
    struct flow_write_back written = world_write(w, &contact, w->fake);
    assert_int_equal(written.changes.n, 1);
    (void)world_work(w);
    written = world_write_back(w, &written);
    assert_state(written, "written");
    struct contact whole = world_mapped(&card);
    assert_int_equal(fake_crm_living(&whole, w->arena), 1);
    assert_true(written.undoable);
    MUST(w, flow_write_undo(&w->flow, &w->user, world_id(written.id), w->arena, &written, &w->err));
    (void)world_work(w);
    assert_state(world_write_back(w, &written), "undone");
    struct contact before = world_mapped(&known);
    assert_int_equal(fake_crm_living(&before, w->arena), 1);
}

static struct contact_custody custody_of_candidate(struct world *w, const struct flow_contact *contact)
{
    struct flow_list candidates;
    MUST(w, flow_candidate_list(&w->flow, &w->user, world_id(contact->id), w->arena, &candidates, &w->err));
    assert_true(candidates.items.n >= 1);
    return ((const struct flow_candidate *)candidates.items.items)->custody;
}

#define assert_custody(custody_, owner_, by_)                                                                          \
    do {                                                                                                               \
        assert_true(str_eq((custody_).owner, owner_));                                                                 \
        assert_true(str_eq((custody_).changed_at, STR("2026-10-12T08:00:00.000Z")));                                   \
        assert_true(str_eq((custody_).changed_by, by_));                                                               \
    } while (0)

/* The mirror has it, the review tells it as it is now, and the mirror follows; an answer without it takes nothing. */
static void whose_a_record_is_stands_beside_it(void **state)
{
    W(state);
    struct contact known = world_person(w, 112);
    struct flow_review review;
    struct id job;
    (void)snprintf(fake_crm->owner, sizeof fake_crm->owner, "Petra Keller");
    (void)fake_crm_add(&known, w->arena);
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    struct flow_contact contact = world_contact(w, &known);
    assert_custody(custody_of_candidate(w, &contact), STR("Petra Keller"), STR("J. Weber"));
    (void)snprintf(fake_crm->owner, sizeof fake_crm->owner, "Jonas Weber");
    struct flow_review_query query = {.contact = world_id(contact.id), .connection = w->fake};
    MUST(w, flow_review(&w->flow, &w->user, &query, w->arena, &review, &w->err));
    assert_custody(review.record->custody, STR("Jonas Weber"), STR("J. Weber"));
    assert_custody(custody_of_candidate(w, &contact), STR("Jonas Weber"), STR("J. Weber"));
    fake_crm->owner[0] = '\0';
    MUST(w, flow_review(&w->flow, &w->user, &query, w->arena, &review, &w->err));
    assert_true(contact_custody_none(&review.record->custody));
    assert_custody(custody_of_candidate(w, &contact), STR("Jonas Weber"), STR("J. Weber"));
}

/* The person's copy has all that is kept of a record. */
static void who_asks_for_the_own_data_gets_whose_the_record_is(void **state)
{
    W(state);
    struct contact known = world_person(w, 113);
    struct flow_subject_request request;
    struct flow_subject_finds finds;
    struct flow_subject_answer answer;
    struct id job;
    (void)snprintf(fake_crm->owner, sizeof fake_crm->owner, "Petra Keller");
    (void)fake_crm_add(&known, w->arena);
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    const struct flow_subject_new ask = {
        .kind = 0, .subject = {.email = ((const struct contact_value *)known.emails.items)->value}};
    MUST(w, flow_subject_create(&w->flow, &w->admin, &ask, w->arena, &request, &w->err));
    MUST(w, flow_subject_find(&w->flow, &w->admin, world_id(request.id), w->arena, &finds, &w->err));
    assert_int_equal(finds.records.n, 1);
    struct str record = ((const struct flow_subject_record *)finds.records.items)->id;
    const struct flow_subject_choice choice = {.records = {&record, 1}};
    const struct flow_subject_act act = {world_id(request.id), &choice};
    MUST(w, flow_subject_answer(&w->flow, &w->admin, &act, w->arena, &answer, &w->err));
    assert_int_equal(answer.records.n, 1);
    const struct flow_subject_record_copy *copy = answer.records.items;
    assert_custody(copy->custody, STR("Petra Keller"), STR("J. Weber"));
}

static void a_record_that_appears_later_is_found_too(void **state)
{
    W(state);
    struct contact person = world_person(w, 11);
    struct flow_contact contact = world_contact(w, &person);
    struct id job;
    assert_int_equal(contact.verdict.kind, FLOW_VERDICT_NEW);
    (void)fake_crm_add(&person, w->arena);
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    world_later(w);
    (void)world_work(w);
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(contact.id), w->arena, &contact, &w->err));
    assert_int_equal(contact.verdict.kind, FLOW_VERDICT_EXISTS);
}

static void search_finds_by_word_and_address_and_nothing_else(void **state)
{
    W(state);
    struct contact person = world_person(w, 12);
    struct flow_contact contact = world_contact(w, &person);
    const struct str good[] = {person.family_name, STR("person12@werk12.example")};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct flow_contact_query query = {.state = -1, .q = good[i], .page = {.limit = 10}};
        struct flow_list found;
        MUST(w, flow_contact_list(&w->flow, &w->user, &query, w->arena, &found, &w->err));
        assert_int_equal(found.items.n, 1);
        assert_true(str_eq(((const struct flow_contact *)found.items.items)->id, contact.id));
    }
    struct flow_contact_query query = {.state = -1, .q = STR("Niemandsland"), .page = {.limit = 10}};
    struct flow_list found;
    MUST(w, flow_contact_list(&w->flow, &w->user, &query, w->arena, &found, &w->err));
    assert_int_equal(found.items.n, 0);
}

static void a_stale_version_changes_nothing(void **state)
{
    W(state);
    struct contact person = world_person(w, 13);
    struct flow_contact contact = world_contact(w, &person), changed;
    struct flow_contact_patch patch = {world_id(contact.id), contact.version, STR("{\"job_title\":\"Vorstand\"}")};
    struct flow_preview preview = world_preview(w, &contact, w->fake);
    struct flow_write write = {world_id(preview.id), contact.version};
    struct flow_write_back write_back;
    MUST(w, flow_contact_patch(&w->flow, &w->user, &patch, w->arena, &changed, &w->err));
    assert_true(str_eq(changed.contact.job_title, STR("Vorstand")));
    FAILS(w, ERR_STALE, flow_contact_patch(&w->flow, &w->user, &patch, w->arena, &changed, &w->err));
    FAILS(w, ERR_STALE, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    patch.patch = STR("{\"shoe_size\":44}");
    patch.version = changed.version;
    FAILS(w, ERR_INVALID, flow_contact_patch(&w->flow, &w->user, &patch, w->arena, &changed, &w->err));
}

static void another_user_sees_nothing_of_it(void **state)
{
    W(state);
    struct contact person = world_person(w, 14);
    struct flow_contact contact = world_contact(w, &person), seen;
    struct flow_actor stranger = w->user;
    stranger.user = w->admin.user; /* somebody else, without rights */
    FAILS(w, ERR_NOT_FOUND, flow_contact_get(&w->flow, &stranger, world_id(contact.id), w->arena, &seen, &w->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photo_becomes_a_contact_with_places_on_the_card),
        cmocka_unit_test(the_pictures_come_back_byte_for_byte),
        cmocka_unit_test(the_same_bytes_again_are_the_earlier_scan),
        cmocka_unit_test(what_is_no_image_is_not_taken),
        cmocka_unit_test(a_reader_that_dies_is_asked_three_times_and_blocks_nobody),
        cmocka_unit_test(nonsense_from_the_reader_is_a_dead_reader),
        cmocka_unit_test(what_does_not_stand_up_is_dropped_and_the_rest_kept),
        cmocka_unit_test(a_known_person_is_found_and_completed),
        cmocka_unit_test(whose_a_record_is_stands_beside_it),
        cmocka_unit_test(who_asks_for_the_own_data_gets_whose_the_record_is),
        cmocka_unit_test(a_record_that_appears_later_is_found_too),
        cmocka_unit_test(search_finds_by_word_and_address_and_nothing_else),
        cmocka_unit_test(a_stale_version_changes_nothing),
        cmocka_unit_test(another_user_sees_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
