/* vCards changed line by line; see vcard_patch.h. New lines are cut from a card that contact/vcard.h writes, and lines
 * are recognised by reading them alone, so that both sides agree on what a line means. */
#include "crm-connectors/carddav/vcard_patch.h"

#include "contact/vcard.h"
#include "crm-connectors/carddav/vcard_lines.h"

enum { PARTS = 7 };

/* Our texts that live in components of one property; changing one clears those that were read into it. */
static const struct part {
    const char *property, *field;
    size_t index, clears; /* clears: a bit for each component */
} parts[] = {
    {"N", "family_name", 0, 0},   {"N", "given_name", 1, 1 << 2}, {"N", "name_prefix", 3, 0},
    {"N", "name_suffix", 4, 0},   {"ORG", "organization", 0, 0},  {"ORG", "department", 1, 0},
    {"TITLE", "job_title", 0, 0},
};

static const struct {
    const char *property, *field;
} lists[] = {{"EMAIL", "emails"}, {"TEL", "phones"}, {"URL", "urls"}, {"ADR", "addresses"}};

/* The line that our own writer makes of a contact for the property, if any. */
static bool written_line(const struct crm_vcard *card, const struct contact *contact, const char *name,
                         struct crm_vcard_line *ret_line)
{
    struct str text = card->v4 ? contact_vcard(contact, NULL, card->arena) : contact_vcard3(contact, NULL, card->arena);
    struct str raw;
    while (crm_vcard_next(&text, &raw)) {
        struct crm_vcard_line line = crm_vcard_line(raw, card->arena);
        if (str_eq_nocase(line.name, str_c(name))) {
            *ret_line = line;
            return true;
        }
    }
    return false;
}

/* ---- Going back ---- */

/* A group that no line of the card is in. */
static struct str free_group(const struct crm_vcard *card, struct str wanted)
{
    struct str name = wanted;
    bool taken = true;
    for (int n = 1; taken; n++) {
        taken = false;
        for (size_t i = 0; i < card->n && !taken; i++)
            taken = !card->lines[i].gone && str_eq_nocase(card->lines[i].group, name);
        if (taken)
            name = str_printf(card->arena, "kartei%d", n);
    }
    return name;
}

static void drop_labels(struct crm_vcard *card, struct str group)
{
    for (size_t i = 0; group.n && i < card->n; i++)
        if (str_eq(card->lines[i].group, group) && crm_vcard_labels(&card->lines[i]))
            card->lines[i].gone = true;
}

static void drop_line(struct crm_vcard *card, struct crm_vcard_line *line)
{
    line->gone = true;
    drop_labels(card, line->group);
}

/* The line in that group instead of its own. */
static struct crm_vcard_line grouped(const struct crm_vcard *card, const struct crm_vcard_line *line, struct str group)
{
    struct str bare = str_slice(line->text, line->group.n ? line->group.n + 1 : 0, line->text.n);
    struct str text = str_printf(card->arena, "%.*s%s%.*s", STR_ARG(group), group.n ? "." : "", STR_ARG(bare));
    return crm_vcard_line(text, card->arena);
}

/* A line of the image comes back with its labels, in the place of `line` unless that is NULL. */
static void restore_line(struct crm_vcard *card, struct crm_vcard_line *line, struct crm_vcard_line *old)
{
    if (line)
        drop_line(card, line);
    struct str group = old->group.n ? free_group(card, old->group) : STR("");
    struct crm_vcard_line back = grouped(card, old, group);
    old->changed = true; /* once */
    if (line) {
        back.changed = true;
        *line = back;
    } else {
        crm_vcard_add(card, back);
    }
    for (size_t i = 0; group.n && i < card->image->n; i++) {
        const struct crm_vcard_line *label = &card->image->lines[i];
        if (str_eq(label->group, old->group) && crm_vcard_labels(label))
            crm_vcard_add(card, grouped(card, label, group));
    }
}

/* The line of the image that says the value, or NULL. */
static struct crm_vcard_line *image_value(const struct crm_vcard *card, const char *property,
                                          const struct contact_field *field, const void *value)
{
    return card->image && value ? crm_vcard_find_value(card->image, property, field, value) : NULL;
}

/* ---- Texts ---- */

/* Components between unescaped semicolons, still escaped; returns how many there are (all beyond PARTS stay in the
 * last). */
static size_t split_value(struct str value, struct str ret[PARTS])
{
    size_t n = 0, start = 0;
    for (size_t i = 0; i <= value.n; i++) {
        if (i < value.n && value.p[i] == '\\') {
            i++;
            continue;
        }
        if (i == value.n || (value.p[i] == ';' && n + 1 < PARTS)) {
            ret[n++] = str_slice(value, start, i);
            start = i + 1;
        }
    }
    if (n == 0 || start <= value.n)
        ret[n++] = str_slice(value, start, value.n);
    return n > PARTS ? PARTS : n;
}

static struct str join_value(const struct str *values, size_t n, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        if (i)
            strbuf_add_char(&buf, ';');
        strbuf_add(&buf, values[i]);
    }
    return strbuf_str(&buf);
}

static bool all_empty(const struct str *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (values[i].n)
            return false;
    return true;
}

/* Sets one text in its component and leaves the neighbours alone. */
static void set_part(struct crm_vcard *card, const struct part *part, const struct contact *after)
{
    struct crm_vcard_line written, *line = crm_vcard_find(card, part->property);
    struct crm_vcard_line *was = card->image ? crm_vcard_find(card->image, part->property) : NULL;
    bool have = written_line(card, after, part->property, &written);
    if (was)
        written = *was;
    if (!line) {
        if (was && have)
            restore_line(card, NULL, was);
        else if (have)
            crm_vcard_add(card, written);
        return;
    }
    struct str old[PARTS] = {{0}}, new[PARTS] = {{0}};
    size_t n = split_value(line->value, old);
    if (have || was)
        (void)split_value(written.value, new);
    old[part->index] = new[part->index];
    for (size_t i = 0; i < PARTS; i++)
        if (part->clears & (1u << i))
            old[i] = was ? new[i] : STR("");
    if (n <= part->index)
        n = part->index + 1;
    if (all_empty(old, n) && strcmp(part->property, "N") != 0)
        line->gone = true;
    else
        crm_vcard_set(card, line, line->head, join_value(old, n, card->arena));
}

static bool is_name(const char *field)
{
    static const char *const names[] = {"name_prefix", "given_name", "family_name", "name_suffix"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], field) == 0)
            return true;
    return false;
}

static void set_text(struct crm_vcard *card, const struct crm_change *change, const struct contact *after)
{
    struct crm_vcard_line written, *shown = crm_vcard_find(card, "FN");
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (strcmp(parts[i].field, change->field->name) == 0)
            set_part(card, &parts[i], after);
    if (!is_name(change->field->name) || !shown)
        return;
    const struct crm_vcard_line *was = card->image ? crm_vcard_find(card->image, "FN") : NULL;
    if (was)
        crm_vcard_set(card, shown, shown->head, was->value);
    else if (written_line(card, after, "FN", &written))
        crm_vcard_set(card, shown, shown->head, written.value);
}

/* ---- Values ---- */

/* The line that says one value: a contact with nothing else in it, written and cut out. */
static bool value_line(const struct crm_vcard *card, const char *property, const struct contact_field *field,
                       const void *value, struct crm_vcard_line *ret_line)
{
    struct contact alone = {0};
    struct json_list *list = (void *)((char *)&alone + field->offset);
    *list = (struct json_list){(void *)(uintptr_t)value, 1};
    return written_line(card, &alone, property, ret_line);
}

/* Parameters that are not about the kind stay: groups, preferences, languages, labels. */
static struct str kept_params(const struct crm_vcard_line *line, struct arena *arena)
{
    struct strbuf kept = {.arena = arena};
    struct str rest = str_slice(line->params, 1, line->params.n), param;
    while (line->params.n && str_split(&rest, ';', &param)) {
        struct str lower = str_lower(arena, param);
        if (str_starts(lower, STR("type=")) && str_find(lower, STR("pref"), 0) >= 0)
            strbuf_add_c(&kept, ";TYPE=pref");
        else if (!str_starts(lower, STR("type=")) && !str_starts(lower, STR("value=")))
            strbuf_printf(&kept, ";%.*s", STR_ARG(param));
    }
    return strbuf_str(&kept);
}

static void replace_value(struct crm_vcard *card, struct crm_vcard_line *line, const struct crm_vcard_line *written,
                          bool same_kind)
{
    struct str value = written->value, head = line->head;
    bool uri = str_find(str_lower(card->arena, line->params), STR("value=uri"), 0) >= 0;
    if (same_kind && !uri && str_starts(value, STR("tel:")))
        value = str_slice(value, 4, value.n);
    if (!same_kind)
        head = str_printf(card->arena, "%.*s%s%.*s%.*s", STR_ARG(line->group), line->group.n ? "." : "",
                          STR_ARG(written->head), STR_ARG(kept_params(line, card->arena)));
    crm_vcard_set(card, line, head, value);
}

/* Components of an address that did not change keep their spelling ("Deutschland", a post box). */
static void replace_address(struct crm_vcard *card, struct crm_vcard_line *line, const struct crm_vcard_line *written,
                            const struct crm_value_change *change)
{
    const struct contact_address *a = change->before, *b = change->after;
    const bool differs[PARTS] = {false,
                                 false,
                                 !str_eq(a->street, b->street),
                                 !str_eq(a->city, b->city),
                                 !str_eq(a->region, b->region),
                                 !str_eq(a->postal_code, b->postal_code),
                                 !str_eq(a->country, b->country)};
    struct str old[PARTS] = {{0}}, new[PARTS] = {{0}};
    (void)split_value(line->value, old);
    (void)split_value(written->value, new);
    if (differs[2])
        old[0] = old[1] = STR("");
    for (size_t i = 0; i < PARTS; i++)
        if (differs[i])
            old[i] = new[i];
    crm_vcard_set(card, line, line->head, join_value(old, PARTS, card->arena));
}

static int set_value(struct crm_vcard *card, const char *property, const struct contact_field *field,
                     const struct crm_value_change *change, struct err *err)
{
    struct crm_vcard_line written,
        *line = change->before ? crm_vcard_find_value(card, property, field, change->before) : NULL;
    if (change->before && !line)
        return err_set(err, ERR_STALE, "%s", "");
    struct crm_vcard_line *was = image_value(card, property, field, change->after);
    if (!change->after) {
        if (line)
            drop_line(card, line);
        return 0;
    }
    if (was) {
        restore_line(card, line, was);
        return 0;
    }
    if (!value_line(card, property, field, change->after, &written))
        return err_set(err, ERR_INVALID, "an empty value");
    if (!line)
        crm_vcard_add(card, written);
    else if (field->kind == CONTACT_FIELD_ADDRESSES)
        replace_address(card, line, &written, change);
    else
        replace_value(card, line, &written,
                      ((const struct contact_value *)change->before)->kind ==
                          ((const struct contact_value *)change->after)->kind);
    return 0;
}

static int set_list(struct crm_vcard *card, const struct crm_change *change, struct err *err)
{
    const struct crm_value_change *values = change->values.items;
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        for (size_t i = 0; strcmp(lists[k].field, change->field->name) == 0 && i < change->values.n; i++)
            if (set_value(card, lists[k].property, change->field, &values[i], err) < 0)
                return -1;
    return 0;
}

int crm_vcard_apply(const struct crm_vcard_patch *patch, struct arena *arena, struct str *ret_vcard, struct err *err)
{
    struct crm_vcard card, image;
    const struct crm_change *changes = patch->changes.items;
    struct err unreadable;
    if (crm_vcard_read(patch->vcard, patch->region, arena, &card, err) < 0)
        return -1;
    if (patch->image.p && crm_vcard_read(patch->image, patch->region, arena, &image, &unreadable) == 0)
        card.image = &image;
    for (size_t i = 0; i < patch->changes.n; i++) {
        if (changes[i].field->kind == CONTACT_FIELD_TEXT)
            set_text(&card, &changes[i], patch->after);
        else if (set_list(&card, &changes[i], err) < 0)
            return -1;
    }
    *ret_vcard = crm_vcard_text(&card);
    return 0;
}

struct str crm_vcard_image(struct str vcard, struct arena *arena)
{
    static const char *const names[] = {"N", "FN", "ORG", "TITLE", "EMAIL", "TEL", "URL", "ADR", NULL};
    return crm_vcard_extract(vcard, names, arena);
}
