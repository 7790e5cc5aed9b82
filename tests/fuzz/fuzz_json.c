/* Any bytes as a body of the API: refused, or read; what was read can be written, and is the same when read again. The
 * first byte chooses the shape. */
#include "contact/contact.h"
#include "flow/connect.h"
#include "flow/contacts.h"
#include "flow/people.h"
#include "flow/preview.h"
#include "flow/sign_in.h"
#include "flow/write.h"
#include "ocr/message.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json_shape *const shapes[] = {
    &contact_shape,          &flow_contact_new_shape,       &flow_preview_new_shape, &flow_user_new_shape,
    &flow_write_new_shape,   &flow_connection_new_shape,    &ocr_message_shape,      &flow_session_change_shape,
    &flow_user_change_shape, &flow_connection_change_shape,
};

static void judge_shape(const struct json_shape *shape, struct str text, struct arena *arena)
{
    void *value = arena_alloc(arena, shape->size), *again = arena_alloc(arena, shape->size);
    struct err err = {.code = ERR_NONE};
    if (json_read(shape, text, arena, value, &err) < 0) {
        assert(err.code == ERR_BAD_JSON || err.code == ERR_INVALID);
        return;
    }
    struct str written = json_write(shape, value, arena);
    assert(utf8_valid(written));
    /* Secrets are not written, words of a list that is open may be: then it cannot be read back, and need not be. */
    if (json_read(shape, written, arena, again, &err) == 0)
        assert(str_eq(json_write(shape, again, arena), written));
}

static bool same(struct str a, struct str b, struct arena *arena)
{
    struct str one, other;
    struct err err;
    return json_canonical(a, arena, &one, &err) == 0 && json_canonical(b, arena, &other, &err) == 0 &&
           str_eq(one, other);
}

/* The same value however often it is brought into its normal form; a patch that was
 * applied changes nothing more, and of nothing it makes the same as of itself. */
static void judge_text(struct str text, struct arena *arena)
{
    struct str once, twice, patched;
    struct json_list items;
    struct err err;
    if (json_canonical(text, arena, &once, &err) < 0) {
        (void)json_items(text, arena, &items, &err);
        (void)json_member(text, "contact", arena, &twice, &err);
        return;
    }
    struct str listed = str_printf(arena, "[%.*s,0]", STR_ARG(text));
    bool lax = memchr(text.p, '\0', text.n) != NULL; /* the parser of whole documents passes over one behind a number */
    if (!lax && json_canonical(listed, arena, &twice, &err) == 0) { /* not too deep by one */
        assert(json_items(listed, arena, &items, &err) == 0 && items.n == 2);
        assert(same(((const struct str *)items.items)[0], once, arena));
    }
    assert(json_canonical(once, arena, &twice, &err) == 0 && str_eq(once, twice));
    if (str_starts(once, STR("{"))) {
        assert(json_merge_patch(once, once, arena, &patched, &err) == 0);
        assert(json_merge_patch(patched, once, arena, &twice, &err) == 0 && str_eq(patched, twice));
        assert(json_merge_patch(STR("{}"), once, arena, &twice, &err) == 0 && same(twice, patched, arena));
    }
    assert(json_member(text, "contact", arena, &twice, &err) == 0 || lax);
    (void)json_unquote(text, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 65536)
        return 0;
    struct arena *arena = arena_new((size_t)256 * 1024 * 1024);
    struct str text = {(const char *)data + 1, size - 1};
    judge_shape(shapes[data[0] % ARRAY_LEN(shapes)], text, arena);
    judge_text(text, arena);
    arena_free(arena);
    return 0;
}
