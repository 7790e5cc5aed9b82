/* What foreign answers mean: multistatus, errors, the CRM's own words. */
#include "tests/unit/unit.h"

#include "crm-connectors/fault.h"
#include "crm-connectors/xml.h"

#define HEAD "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\">"

static void a_multistatus_is_read_with_its_properties_and_tokens(void **state)
{
    static const char xml[] = HEAD
        "<d:response><d:href>/u/a.vcf</d:href><d:propstat><d:prop><d:getetag>\"1\"</"
        "d:getetag><c:address-data>BEGIN:VCARD\n"
        "NOTE:a&amp;b</c:address-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
        "<d:propstat><d:prop><d:getetag>\"no\"</d:getetag></d:prop><d:status>HTTP/1.1 404 Not "
        "Found</d:status></d:propstat>"
        "</d:response><d:response><d:href>/u/b.vcf</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>"
        "<d:sync-token> http://t/1 </d:sync-token></d:multistatus>";
    struct crm_dav_answer answer;
    struct err err = {0};
    assert_int_equal(crm_dav_read(str_c(xml), *state, &answer, &err), 0);
    const struct crm_dav_response *rows = answer.responses.items;
    assert_int_equal(answer.responses.n, 2);
    assert_text(rows[0].href, "/u/a.vcf");
    assert_text(rows[0].etag, "\"1\"");
    assert_text(rows[0].data, "BEGIN:VCARD\nNOTE:a&b");
    assert_int_equal(rows[0].status, 0);
    assert_int_equal(rows[1].status, 404);
    assert_text(answer.sync_token, "http://t/1");
}

static void an_error_document_says_its_condition(void **state)
{
    struct crm_dav_answer answer;
    struct err err = {0};
    assert_int_equal(crm_dav_read(STR("<error xmlns=\"DAV:\"><valid-sync-token/></error>"), *state, &answer, &err), 0);
    assert_text(answer.condition, "valid-sync-token");
}

static void hostile_xml_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "<html><p>Wartung</html>",
        "{\"error\":1}",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><d:multistatus xmlns:d=\"DAV:\">&b;</d:multistatus>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\"><x/>",
        "<d:multistatus>",
        "<a><b></a></b>",
        "<x>\xff\xfe</x>",
    };
    struct crm_dav_answer answer;
    struct err err = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (crm_dav_read(str_c(rows[i]), *state, &answer, &err) == 0)
            fail_msg("taken: %s", rows[i]);
    struct strbuf deep = {.arena = *state};
    for (int i = 0; i < 100; i++)
        strbuf_add_c(&deep, "<x>");
    for (int i = 0; i < 100; i++)
        strbuf_add_c(&deep, "</x>");
    assert_int_equal(crm_dav_read(strbuf_str(&deep), *state, &answer, &err), -1);
}

static void a_card_that_is_too_long_is_left_out_and_the_rest_read(void **state)
{
    struct strbuf xml = {.arena = *state};
    strbuf_add_c(&xml, HEAD "<d:response><d:href>/u/a.vcf</d:href><d:propstat><d:prop><c:address-data>");
    for (int i = 0; i < 1100; i++)
        strbuf_printf(&xml, "%1024d", i);
    strbuf_add_c(&xml, "</c:address-data><d:getetag>\"1\"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status>"
                       "</d:propstat></d:response></d:multistatus>");
    struct crm_dav_answer answer;
    struct err err = {0};
    assert_int_equal(crm_dav_read(strbuf_str(&xml), *state, &answer, &err), 0);
    const struct crm_dav_response *rows = answer.responses.items;
    assert_null(rows[0].data.p);
    assert_text(rows[0].etag, "\"1\"");
}

static void texts_are_escaped_in_xml(void **state)
{
    struct strbuf buf = {.arena = *state};
    crm_xml_text(&buf, STR("<a b=\"c\" d='e'>&ä\x01\x1b\n</a>"));
    assert_text(strbuf_str(&buf), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;ä\n&lt;/a&gt;");
}

static void statuses_become_outcomes(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum crm_outcome write, read;
    } rows[] = {
        {400, CRM_REJECTED, CRM_REJECTED}, {401, CRM_REAUTHORISE, CRM_REAUTHORISE}, {403, CRM_REJECTED, CRM_REJECTED},
        {404, CRM_GONE, CRM_GONE},         {408, CRM_UNCERTAIN, CRM_DOWN},          {409, CRM_CONFLICT, CRM_CONFLICT},
        {410, CRM_GONE, CRM_GONE},         {412, CRM_CONFLICT, CRM_CONFLICT},       {422, CRM_REJECTED, CRM_REJECTED},
        {429, CRM_QUOTA, CRM_QUOTA},       {302, CRM_REJECTED, CRM_REJECTED},       {500, CRM_UNCERTAIN, CRM_DOWN},
        {502, CRM_UNCERTAIN, CRM_DOWN},    {503, CRM_UNCERTAIN, CRM_DOWN},          {504, CRM_UNCERTAIN, CRM_DOWN},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct crm_answer answer = {.status = rows[i].status};
        struct crm_result write, read;
        crm_fault_status(&answer, true, 0, &write);
        crm_fault_status(&answer, false, 0, &read);
        assert_int_equal(write.outcome, rows[i].write);
        assert_int_equal(read.outcome, rows[i].read);
        assert_int_equal(write.not_sent, rows[i].write != CRM_UNCERTAIN);
        assert_true(read.not_sent);
    }
}

static void transport_failures_become_outcomes_or_errors(void **state)
{
    (void)state;
    struct crm_result result;
    struct err err = {0};
    static const struct {
        enum err_code code;
        bool changes;
        int rc;
        enum crm_outcome outcome;
    } rows[] = {
        {ERR_CRM_DOWN, true, 0, CRM_DOWN},
        {ERR_CRM_DOWN, false, 0, CRM_DOWN},
        {ERR_CRM_UNCERTAIN, true, 0, CRM_UNCERTAIN},
        {ERR_CRM_UNCERTAIN, false, 0, CRM_DOWN},
        {ERR_TOO_LARGE, true, 0, CRM_UNCERTAIN},
        {ERR_TOO_LARGE, false, 0, CRM_REJECTED},
        {ERR_HOST_REFUSED, true, -1, 0},
        {ERR_INVALID, false, -1, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct err failure = {.code = rows[i].code};
        assert_int_equal(crm_fault_transport(&failure, rows[i].changes, &result, &err), rows[i].rc);
        if (rows[i].rc < 0)
            assert_int_equal(err.code, rows[i].code);
        else
            assert_int_equal(result.outcome, rows[i].outcome);
    }
}

static void sentences_are_plain_short_and_one_line(void **state)
{
    assert_text(crm_fault_sentence(STR("  The phone\r\n\tis\x1b[31m wrong. "), *state), "The phone is [31m wrong.");
    assert_text(crm_fault_sentence(STR("a\xe2\x80\xae"
                                       "b\xef\xbb\xbf"),
                                   *state),
                "a b");
    assert_null(crm_fault_sentence(STR("<html><script>"), *state).p);
    assert_null(crm_fault_sentence(STR("\xff"), *state).p);
    assert_null(crm_fault_sentence(STR(" \n "), *state).p);
    assert_null(crm_fault_sentence(STR_NONE, *state).p);
    struct strbuf longer = {.arena = *state};
    for (int i = 0; i < 500; i++)
        strbuf_add_c(&longer, "ü");
    struct str cut = crm_fault_sentence(strbuf_str(&longer), *state);
    assert_true(cut.n <= 300 && cut.n > 290 && utf8_valid(cut));
}

static void every_connector_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; crm_connectors[i]; i++) {
        const struct crm_connector *crm = crm_connectors[i];
        assert_ptr_equal(crm_connector_find(str_c(crm->kind)), crm);
        assert_non_null(crm->name);
        assert_true(crm->test && crm->find_exact && crm->search && crm->get && crm->find_marker && crm->create &&
                    crm->update && crm->changes);
        for (int action = 0; action < CRM_ACTION_COUNT; action++)
            assert_non_null(crm->reversal[action].sentence);
        for (size_t k = 0; k < crm->map.n; k++)
            assert_non_null(contact_field_find(str_c(crm->map.rows[k].field)));
        for (size_t k = 0; k < crm->form.n; k++) {
            const struct crm_form_field *field = &crm->form.fields[k];
            bool hidden = strcmp(field->type, "password") == 0 || strcmp(field->type, "key") == 0;
            assert_true(field->secret == hidden);
            assert_true((field->grants & ~(crm->oauth ? crm->oauth->grants : 0)) == 0);
        }
    }
    assert_null(crm_connector_find(STR("no-such-crm")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(a_multistatus_is_read_with_its_properties_and_tokens),
        unit_with_arena(an_error_document_says_its_condition),
        unit_with_arena(hostile_xml_is_refused),
        unit_with_arena(a_card_that_is_too_long_is_left_out_and_the_rest_read),
        unit_with_arena(texts_are_escaped_in_xml),
        unit_with_arena(statuses_become_outcomes),
        unit_with_arena(transport_failures_become_outcomes_or_errors),
        unit_with_arena(sentences_are_plain_short_and_one_line),
        unit_with_arena(every_connector_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
