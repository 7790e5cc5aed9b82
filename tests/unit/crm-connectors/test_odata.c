/* OData: literals that cannot break out, codes that decide, and Graph's nested contacts flat and back. */
#include "tests/unit/unit.h"

#include "crm-connectors/dynamics/dynamics.h"
#include "crm-connectors/msgraph/parts.h"

static void literals_double_their_quotes(void **state)
{
    struct strbuf out = {.arena = *state};
    crm_odata_literal(&out, STR("O'Brien'' or 1 eq 1"));
    assert_text(strbuf_str(&out), "'O''Brien'''' or 1 eq 1'");
}

static void options_are_escaped_and_joined(void **state)
{
    struct strbuf path = {.arena = *state};
    strbuf_add_c(&path, "/contacts");
    crm_odata_option(&path, "$filter", STR("a eq 'x&$top=9#'"));
    crm_odata_option(&path, "$search", STR("ä +"));
    assert_text(strbuf_str(&path), "/contacts?$filter=a%20eq%20%27x%26%24top%3D9%23%27&$search=%C3%A4%20%2B");
}

static struct crm_result judged(int status, const char *body, bool changes, struct arena *arena)
{
    static const struct crm_odata_code codes[] = {
        {"0x80040333", CRM_DUPLICATE}, {"Busy", CRM_QUOTA}, {NULL, CRM_REJECTED}};
    const struct crm_answer answer = {.status = status, .body = str_c(body)};
    struct crm_result result;
    crm_odata_judge(&answer, changes, codes, arena, &result);
    return result;
}

static void a_known_code_decides_whatever_the_status(void **state)
{
    struct crm_result result =
        judged(500, "{\"error\":{\"code\":\"0X80040333\",\"message\":\"Gibt es.\"}}", true, *state);
    assert_int_equal(result.outcome, CRM_DUPLICATE);
    assert_true(result.not_sent);
    assert_text(result.sentence, "Gibt es.");
    assert_int_equal(judged(400, "{\"error\":{\"code\":\"Busy\"}}", true, *state).outcome, CRM_QUOTA);
}

static void without_a_known_code_the_status_decides(void **state)
{
    static const char *const bodies[] = {"",
                                         "<html>",
                                         "null",
                                         "[]",
                                         "{\"error\":null}",
                                         "{\"error\":\"Busy\"}",
                                         "{\"error\":{\"code\":{\"a\":1},\"message\":[1]}}",
                                         "{\"error\":{\"code\":\"\"}}"};
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct crm_result result = judged(500, bodies[i], true, *state);
        assert_int_equal(result.outcome, CRM_UNCERTAIN);
        assert_false(result.not_sent);
        assert_null(result.sentence.p);
        assert_int_equal(judged(412, bodies[i], true, *state).outcome, CRM_CONFLICT);
    }
}

static void words_of_older_services_are_read_too(void **state)
{
    const char *body = "{\"error\":{\"code\":\"x\",\"message\":{\"lang\":\"de\",\"value\":\"Nicht erlaubt.\"}}}";
    assert_text(judged(403, body, true, *state).sentence, "Nicht erlaubt.");
}

static const char contact[] =
    "{\"id\":\"1\",\"givenName\":\"Anna\",\"mobilePhone\":null,\"emailAddresses\":[{\"name\":\"Zentrale\",\"address\":"
    "\"a@x.example\"},{},null,7,{\"name\":\"B@x.example\",\"address\":\"b@x.example\"}],\"businessPhones\":[\"1\",\"\","
    "\"2\","
    "\"3\"],\"homeAddress\":{\"city\":\"Ulm\",\"street\":\"Weg 1\"}}";

static struct str member(struct str object, const char *name, struct arena *arena)
{
    struct str text;
    struct err err;
    assert_int_equal(json_members(object, &name, 1, arena, &text, &err), 0);
    return text;
}

static void a_nested_contact_becomes_flat(void **state)
{
    struct str flat = crm_msgraph_flat(str_c(contact), *state);
    assert_text(member(flat, "givenName", *state), "Anna");
    assert_text(member(flat, "emailAddresses/0", *state), "a@x.example");
    assert_text(member(flat, "emailAddresses/1", *state), "b@x.example");
    assert_null(member(flat, "emailAddresses/2", *state).p);
    assert_text(member(flat, "businessPhones/2", *state), "3");
    assert_text(member(flat, "homeAddress/city", *state), "Ulm");
    assert_null(member(flat, "businessAddress/city", *state).p);
}

static void what_is_no_contact_has_no_flat_form(void **state)
{
    static const char *const texts[] = {"", "x", "{\"emailAddresses\":{\"a\":1}}", "{\"homePhones\":\"1\"}"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_null(crm_msgraph_flat(str_c(texts[i]), *state).p);
}

static void flat_changes_become_whole_lists_and_addresses(void **state)
{
    assert_text(
        crm_msgraph_folded(str_c(contact), STR("\"givenName\":\"\",\"emailAddresses/1\":\"c@x.example\""), *state),
        "\"givenName\":null,\"emailAddresses\":[{\"name\":\"Zentrale\",\"address\":\"a@x.example\"},"
        "{\"address\":\"c@x.example\"}]");
    assert_text(crm_msgraph_folded(str_c(contact), STR("\"emailAddresses/0\":\"c@x.example\""), *state),
                "\"emailAddresses\":[{\"address\":\"c@x.example\",\"name\":\"Zentrale\"},"
                "{\"name\":\"B@x.example\",\"address\":\"b@x.example\"}]");
    assert_text(crm_msgraph_folded(str_c(contact), STR("\"businessPhones/0\":\"\",\"homeAddress/city\":\"\""), *state),
                "\"businessPhones\":[\"2\",\"3\"],\"homeAddress\":{\"street\":\"Weg 1\",\"city\":\"\",\"state\":\"\","
                "\"countryOrRegion\":\"\",\"postalCode\":\"\"}");
    assert_text(crm_msgraph_folded(STR("{}"), STR("\"homePhones/0\":\"9\""), *state), "\"homePhones\":[\"9\"]");
    assert_text(crm_msgraph_folded(str_c(contact), STR(""), *state), "");
}

static void a_list_longer_than_we_read_is_never_written(void **state)
{
    struct strbuf out = {.arena = *state};
    strbuf_add_c(&out, "{\"homePhones\":[\"0\"");
    for (int i = 1; i < 20; i++)
        strbuf_printf(&out, ",\"%d\"", i);
    strbuf_add_c(&out, "]}");
    assert_non_null(crm_msgraph_flat(strbuf_str(&out), *state).p);
    assert_null(crm_msgraph_folded(strbuf_str(&out), STR("\"homePhones/1\":\"9\""), *state).p);
    assert_text(crm_msgraph_folded(strbuf_str(&out), STR("\"surname\":\"X\""), *state), "\"surname\":\"X\"");
}

/* A token is for one environment: the scope is its address. */
static void consent_for_dataverse_names_the_environment(void **state)
{
    const struct crm_oauth_trip trip = {STR("https://kartei.example/cb"), STR("st"), STR("v"), STR_NONE};
    const struct crm_oauth_client client = {
        .oauth = crm_dynamics.oauth,
        .arena = *state,
        .settings =
            STR("{\"url\":\"https://muster.crm4.dynamics.com/\",\"tenant\":\"muster.example\",\"client_id\":\"c\"}")};
    struct str url;
    struct err err;
    assert_int_equal(crm_oauth_consent(&client, &trip, &url, &err), 0);
    assert_true(str_starts(url, STR("https://login.microsoftonline.com/muster.example/oauth2/v2.0/authorize?")));
    assert_true(str_find(url,
                         STR("&scope=https%3A%2F%2Fmuster.crm4.dynamics.com%2Fuser_impersonation%20offline_access&"),
                         0) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(literals_double_their_quotes),
        unit_with_arena(options_are_escaped_and_joined),
        unit_with_arena(a_known_code_decides_whatever_the_status),
        unit_with_arena(without_a_known_code_the_status_decides),
        unit_with_arena(words_of_older_services_are_read_too),
        unit_with_arena(a_nested_contact_becomes_flat),
        unit_with_arena(what_is_no_contact_has_no_flat_form),
        unit_with_arena(flat_changes_become_whole_lists_and_addresses),
        unit_with_arena(a_list_longer_than_we_read_is_never_written),
        unit_with_arena(consent_for_dataverse_names_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
