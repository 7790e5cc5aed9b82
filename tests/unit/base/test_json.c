/* Described JSON: what it takes, what it refuses and where it points, and that reading and writing agree. */
#include "tests/unit/unit.h"

#include "base/json.h"

struct wheel {
    struct str brand;
    int64_t inches;
};

struct car {
    struct str name, plate, raw;
    int64_t doors;
    double price;
    bool electric;
    int colour;
    struct wheel spare, *fifth;
    struct json_list wheels, tags, box;
    struct str secret;
};

static const char *const colours[] = {"red", "blue", NULL};
static const struct json_field wheel_rows[] = {
    {.name = "brand", .kind = JSON_STR, .offset = offsetof(struct wheel, brand), .flags = JSON_REQUIRED, .max = 8},
    {.name = "inches", .kind = JSON_INT, .offset = offsetof(struct wheel, inches)},
};
static const struct json_shape wheel_shape = {"Wheel", sizeof(struct wheel), wheel_rows, ARRAY_LEN(wheel_rows), false};
#define ROW(member, what) .name = #member, .kind = (what), .offset = offsetof(struct car, member)
static const struct json_field car_rows[] = {
    {ROW(name, JSON_STR), .flags = JSON_REQUIRED},
    {ROW(plate, JSON_STR)},
    {ROW(raw, JSON_ANY)},
    {ROW(doors, JSON_INT)},
    {ROW(price, JSON_DOUBLE)},
    {ROW(electric, JSON_BOOL)},
    {ROW(colour, JSON_WORD), .words = colours},
    {ROW(spare, JSON_OBJ), .shape = &wheel_shape},
    {ROW(fifth, JSON_REF), .shape = &wheel_shape},
    {ROW(wheels, JSON_LIST), .shape = &wheel_shape, .max = 4},
    {ROW(tags, JSON_STRS)},
    {ROW(box, JSON_DOUBLES), .max = 4},
    {ROW(secret, JSON_STR), .flags = JSON_WRITE_ONLY},
};
static const struct json_shape car_shape = {"Car", sizeof(struct car), car_rows, ARRAY_LEN(car_rows), false};

static void refuses(struct arena *arena, const char *text, enum err_code code, const char *pointer)
{
    struct car car;
    struct err err = {0};
    assert_int_equal(json_read(&car_shape, str_c(text), arena, &car, &err), -1);
    assert_int_equal(err.code, code);
    assert_string_equal(err.pointer, pointer);
}

static void reads_every_kind_and_writes_it_back(void **state)
{
    static const char text[] =
        "{\"name\":\"K\xc3\xa4"
        "fer \\\"53\\\"\",\"plate\":null,\"raw\":{\"a\":[1,2]},\"doors\":2,\"price\":1999.5,"
        "\"electric\":true,\"colour\":\"blue\",\"spare\":{\"brand\":\"Ost\",\"inches\":15},\"fifth\":null,"
        "\"wheels\":[{\"brand\":\"West\",\"inches\":16}],\"tags\":[\"old\",\"loud\"],\"box\":[1,2.5]}";
    struct car car;
    struct err err = {0};
    assert_int_equal(json_read(&car_shape, str_c(text), *state, &car, &err), 0);
    assert_int_equal(car.colour, 1);
    assert_null(car.plate.p);
    assert_int_equal(car.wheels.n, 1);
    assert_text(json_write(&car_shape, &car, *state), text);
}

static void missing_fields_are_absent(void **state)
{
    struct car car;
    struct err err = {0};
    assert_int_equal(json_read(&car_shape, STR("{\"name\":\"x\"}"), *state, &car, &err), 0);
    assert_int_equal(car.colour, -1);
    assert_null(car.fifth);
    assert_int_equal(car.wheels.n, 0);
}

static void refuses_with_a_pointer(void **state)
{
    refuses(*state, "{}", ERR_INVALID, "/name");
    refuses(*state, "{\"name\":1}", ERR_INVALID, "/name");
    refuses(*state, "{\"name\":\"x\",\"nmae\":1}", ERR_INVALID, "");
    refuses(*state, "{\"name\":\"x\",\"colour\":\"pink\"}", ERR_INVALID, "/colour");
    refuses(*state, "{\"name\":\"x\",\"wheels\":[{\"brand\":\"a\"},{}]}", ERR_INVALID, "/wheels/1/brand");
    refuses(*state, "{\"name\":\"x\",\"wheels\":[{\"brand\":\"far too long\"}]}", ERR_INVALID, "/wheels/0/brand");
    refuses(*state, "{\"name\":\"x\",\"box\":[1,2,3,4,5]}", ERR_INVALID, "/box");
}

static void refuses_what_is_not_json(void **state)
{
    refuses(*state, "", ERR_BAD_JSON, "");
    refuses(*state, "{\"name\":\"x\",\"name\":\"y\"}", ERR_BAD_JSON, "");
    refuses(*state, "{\"name\":\"\xff\"}", ERR_BAD_JSON, "");
    refuses(*state, "{\"name\":\"x\"} trailing", ERR_BAD_JSON, "");
    refuses(*state, "[1]", ERR_INVALID, "");
}

static void refuses_deep_nesting(void **state)
{
    struct strbuf deep = {.arena = *state};
    strbuf_add_c(&deep, "{\"name\":\"x\",\"raw\":");
    for (int i = 0; i < 5000; i++)
        strbuf_add_char(&deep, '[');
    struct car car;
    struct err err = {0};
    assert_int_equal(json_read(&car_shape, strbuf_str(&deep), *state, &car, &err), -1);
}

static void secrets_are_never_written(void **state)
{
    struct car car;
    struct err err = {0};
    assert_int_equal(json_read(&car_shape, STR("{\"name\":\"x\",\"secret\":\"hush\"}"), *state, &car, &err), 0);
    assert_text(car.secret, "hush");
    assert_int_equal(str_find(json_write(&car_shape, &car, *state), STR("hush"), 0), -1);
}

static void merge_patch_follows_rfc_7396(void **state)
{
    struct str out;
    struct err err = {0};
    assert_int_equal(json_merge_patch(STR("{\"a\":\"b\",\"c\":{\"d\":\"e\",\"f\":\"g\"}}"),
                                      STR("{\"a\":\"z\",\"c\":{\"f\":null}}"), *state, &out, &err),
                     0);
    assert_text(out, "{\"a\":\"z\",\"c\":{\"d\":\"e\"}}");
    assert_int_equal(json_merge_patch(STR("{\"c\":1}"), STR("{\"a\":{\"bb\":{\"ccc\":null}},\"c\":{\"d\":null}}"),
                                      *state, &out, &err),
                     0);
    assert_text(out, "{\"c\":{},\"a\":{\"bb\":{}}}");
    assert_int_equal(json_merge_patch(STR("{}"), STR("[]"), *state, &out, &err), -1);
}

static void canonical_form_ignores_order_and_blanks(void **state)
{
    struct str a, b;
    struct err err = {0};
    assert_int_equal(json_canonical(STR("{ \"b\": 1, \"a\": [true] }"), *state, &a, &err), 0);
    assert_int_equal(json_canonical(STR("{\"a\":[true],\"b\":1}"), *state, &b, &err), 0);
    assert_true(str_eq(a, b));
}

static void schema_describes_the_rows(void **state)
{
    struct str schema = json_schema(&wheel_shape, *state);
    assert_text(schema, "{\"type\":\"object\",\"properties\":{\"brand\":{\"type\":\"string\",\"maxLength\":8},"
                        "\"inches\":{\"type\":\"integer\"}},\"required\":[\"brand\"],\"additionalProperties\":false}");
}

/* Texts as foreign answers may be, each with whether the parser of whole documents takes it: members and items have to
 * be found in the same ones. */
static void members_and_items_are_found_in_what_is_json(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        " { } ",
        "[ ]",
        "null",
        "true",
        "-0.5e+3",
        "\"a\"",
        "{\"a\":[1,{\"b\":null}],\"c\":\"\\\"}\"}",
        "[1,2 , 3]",
        "[\"\\u00e4\\ud83d\\ude00\"]",
        "{\"\\u0061\":1}",
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "[01]",
        "[1.]",
        "[.5]",
        "[-]",
        "[1e]",
        "[+1]",
        "[tru]",
        "[nulll]",
        "[1 2]",
        "{\"a\":1}{",
        "[\"\\x\"]",
        "[\"\\u12g4\"]",
        "[\"\t\"]",
        "[\"",
        "[\"\\",
        "{\"a\" 1}",
        "[1}",
        "{\"a\":1]",
        "\xef\xbb\xbf[]",
        "[1]x",
        "[NaN]",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str text = str_c(texts[i]), whole, member;
        struct json_list items;
        struct err err = {0};
        int parsed = json_canonical(text, *state, &whole, &err);
        assert_int_equal(json_member(text, "a", *state, &member, &err), parsed);
        assert_int_equal(json_items(text, *state, &items, &err), parsed == 0 && str_starts(whole, STR("[")) ? 0 : -1);
    }
}

static void members_are_what_was_written(void **state)
{
    static const char *const names[] = {"text", "n", "yes", "none", "list", "missing", "long"};
    struct str m[ARRAY_LEN(names)], inner;
    struct json_list items;
    struct err err = {0};
    struct str text =
        STR(" { \"text\" : \"J\\u00f6rg \\\"Ö\\\"\", \"n\":12345678901234567890.10, \"yes\":true, \"none\":null,"
            " \"list\" : [ 1, {\"n\":[2]} ] , \"l\\u006fng\":\"x\" } ");
    assert_int_equal(json_members(text, names, ARRAY_LEN(names), *state, m, &err), 0);
    assert_text(m[0], "Jörg \"Ö\"");
    assert_text(m[1], "12345678901234567890.10");
    assert_text(m[2], "true");
    assert_true(!m[3].p && !m[4].p && !m[5].p);
    assert_text(m[6], "x");
    assert_int_equal(json_member(text, "list", *state, &inner, &err), 0);
    assert_int_equal(json_items(inner, *state, &items, &err), 0);
    assert_int_equal(items.n, 2);
    assert_text(((struct str *)items.items)[1], "{\"n\":[2]}");
    for (size_t i = 0; i < 2; i++) {
        const char *bad[] = {"{\"n\":1,\"\\u006e\":2}", "{\"text\":\"\xff\"}"};
        assert_int_equal(json_members(str_c(bad[i]), names, ARRAY_LEN(names), *state, m, &err), -1);
        assert_int_equal(err.code, ERR_BAD_JSON);
    }
}

static void ordered_text_keeps_its_spelling(void **state)
{
    static const struct {
        const char *text, *ordered;
    } rows[] = {
        {" { \"b\" : [ 1.50 , {\"z\":\"\\u00fc\",\"a\":null} ] , \"a\":\"x y\" } ",
         "{\"a\":\"x y\",\"b\":[1.50,{\"a\":null,\"z\":\"\\u00fc\"}]}"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[{},[]]", "[{},[]]"},
        {"7", "7"},
    };
    struct str ordered;
    struct err err = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(json_ordered(str_c(rows[i].text), *state, &ordered, &err), 0);
        assert_text(ordered, rows[i].ordered);
    }
    assert_int_equal(json_ordered(STR("{\"a\":}"), *state, &ordered, &err), -1);
    assert_int_equal(err.code, ERR_BAD_JSON);
}

static void an_object_is_told_without_some_of_its_members(void **state)
{
    static const char *const names[] = {"b", "no"};
    static const struct {
        const char *text, *rest;
    } rows[] = {
        {" { \"a\" : 1.50 , \"b\" : {\"a\":2} , \"c\" : {\"b\": \"\\u00fc\"} } ",
         "{\"a\":1.50,\"c\":{\"b\": \"\\u00fc\"}}"},
        {"{\"b\":1}", "{}"},
        {"{}", "{}"},
    };
    struct str rest;
    struct err err = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(json_without(str_c(rows[i].text), names, ARRAY_LEN(names), *state, &rest, &err), 0);
        assert_text(rest, rows[i].rest);
    }
    assert_int_equal(json_without(STR("[1]"), names, 1, *state, &rest, &err), -1);
    assert_int_equal(json_without(STR("{\"a\":}"), names, 1, *state, &rest, &err), -1);
    assert_int_equal(err.code, ERR_BAD_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(reads_every_kind_and_writes_it_back),
        unit_with_arena(missing_fields_are_absent),
        unit_with_arena(refuses_with_a_pointer),
        unit_with_arena(refuses_what_is_not_json),
        unit_with_arena(refuses_deep_nesting),
        unit_with_arena(secrets_are_never_written),
        unit_with_arena(merge_patch_follows_rfc_7396),
        unit_with_arena(canonical_form_ignores_order_and_blanks),
        unit_with_arena(schema_describes_the_rows),
        unit_with_arena(members_and_items_are_found_in_what_is_json),
        unit_with_arena(members_are_what_was_written),
        unit_with_arena(ordered_text_keeps_its_spelling),
        unit_with_arena(an_object_is_told_without_some_of_its_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
