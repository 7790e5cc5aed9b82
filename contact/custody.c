/* See custody.h. */
#include "contact/custody.h"

#include "base/clock.h"
#include "contact/text.h"

enum { NAME_BYTES = 200 };

#define ROW(member, note)                                                                                              \
    {                                                                                                                  \
        .name = #member, .kind = JSON_STR, .offset = offsetof(struct contact_custody, member), .doc = (note)           \
    }
static const struct json_field rows[] = {
    ROW(owner, "Whose it is there, by name; null: the CRM says none."),
    ROW(changed_at, "Last change there, RFC 3339; null: the CRM does not say."),
    ROW(changed_by, "Who changed it last, by name; null: the CRM does not say."),
};
const struct json_shape contact_custody_shape = {"Custody", sizeof(struct contact_custody), rows, ARRAY_LEN(rows),
                                                 false};

static struct str name_of(struct str text, struct arena *arena)
{
    if (str_empty(text) || !utf8_valid(text))
        return STR_NONE;
    struct str name = contact_text_squeeze(contact_text_nfc(text, arena), arena);
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7F)
            return STR_NONE;
    return name.n && name.n <= NAME_BYTES ? name : STR_NONE;
}

struct contact_custody contact_custody_of(struct str owner, struct str changed_at, struct str changed_by,
                                          struct arena *arena)
{
    int64_t moment = changed_at.p ? clock_parse(changed_at) : -1;
    return (struct contact_custody){.owner = name_of(owner, arena),
                                    .changed_at = moment > 0 ? clock_text(moment, arena) : STR_NONE,
                                    .changed_by = name_of(changed_by, arena)};
}

bool contact_custody_none(const struct contact_custody *custody)
{
    return !custody->owner.p && !custody->changed_at.p && !custody->changed_by.p;
}

static struct str copied(struct str text, struct arena *arena)
{
    return text.p ? str_dup(arena, text) : STR_NONE;
}

struct contact_custody contact_custody_copy(const struct contact_custody *custody, struct arena *arena)
{
    return (struct contact_custody){copied(custody->owner, arena), copied(custody->changed_at, arena),
                                    copied(custody->changed_by, arena)};
}
