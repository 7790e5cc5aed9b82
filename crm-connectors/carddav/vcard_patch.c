/* vCards changed line by line; see vcard_patch.h. New lines are cut from a card that contact/vcard.h writes, and lines
 * are recognised by reading them alone, so that both sides agree on what a line means. */
#include "crm-connectors/carddav/vcard_patch.h"

#include "contact/diff.h"
#include "contact/vcard.h"

#include <assert.h>

enum { FOLD_OCTETS = 75, PARTS = 7 };

struct line {
    struct str text;  /* unfolded */
    struct str raw;   /* as it was, with its folds, without the last line break */
    struct str group; /* "item1", or empty */
    struct str name;
    struct str head;   /* group, name, parameters */
    struct str params; /* ";TYPE=WORK", or empty */
    struct str value;
    bool gone, changed;
};

struct card {
    struct arena *arena;
    struct line *lines; /* with room for every line that a patch can add */
    size_t n;
    bool v4;
    const char *region;
};

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

static size_t head_end(struct str text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            quoted = !quoted;
        if (text.p[i] == ':' && !quoted)
            return i;
    }
    return text.n;
}

static struct line parse_line(struct str raw, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    struct str rest = raw, piece;
    for (bool first = true; str_split(&rest, '\n', &piece); first = false) {
        if (piece.n && piece.p[piece.n - 1] == '\r')
            piece.n--;
        strbuf_add(&text, first ? piece : str_slice(piece, 1, piece.n));
    }
    struct line line = {.raw = raw, .text = strbuf_str(&text)};
    size_t colon = head_end(line.text), end = 0;
    line.head = str_slice(line.text, 0, colon);
    line.value = str_slice(line.text, colon + 1, line.text.n);
    while (end < line.head.n && line.head.p[end] != ';')
        end++;
    line.name = str_slice(line.head, 0, end);
    line.params = str_slice(line.head, end, line.head.n);
    ptrdiff_t dot = str_find(line.name, STR("."), 0);
    if (dot >= 0) {
        line.group = str_slice(line.name, 0, (size_t)dot);
        line.name = str_slice(line.name, (size_t)dot + 1, line.name.n);
    }
    return line;
}

/* Cuts the next logical line with its folds off *rest. */
static bool next_raw(struct str *rest, struct str *ret_raw)
{
    if (rest->n == 0)
        return false;
    size_t end = 0;
    for (;;) {
        while (end < rest->n && rest->p[end] != '\n')
            end++;
        bool folded = end + 1 < rest->n && (rest->p[end + 1] == ' ' || rest->p[end + 1] == '\t');
        if (!folded)
            break;
        end++;
    }
    struct str raw = str_slice(*rest, 0, end);
    if (raw.n && raw.p[raw.n - 1] == '\r')
        raw.n--;
    *rest = str_slice(*rest, end + 1, rest->n);
    *ret_raw = raw;
    return true;
}

static int read_card(const struct crm_vcard_patch *patch, struct arena *arena, struct card *ret, struct err *err)
{
    struct card card = {.arena = arena, .region = patch->region};
    struct str rest = patch->vcard, raw;
    size_t lines = 2;
    for (size_t i = 0; i < rest.n; i++)
        lines += rest.p[i] == '\n';
    card.lines = arena_array(arena, lines + CONTACT_VCARD_LINES, sizeof *card.lines);
    bool begun = false;
    while (next_raw(&rest, &raw)) {
        struct line line = parse_line(raw, arena);
        if (str_eq_nocase(line.name, STR("BEGIN")))
            begun = true;
        if (!begun || line.text.n == 0)
            continue;
        if (str_eq_nocase(line.name, STR("VERSION")) && str_eq(str_trim(line.value), STR("2.1")))
            return err_set(err, ERR_INVALID, "the address book keeps this card in the old version 2.1");
        card.v4 = card.v4 || (str_eq_nocase(line.name, STR("VERSION")) && str_eq(str_trim(line.value), STR("4.0")));
        if (str_eq_nocase(line.name, STR("END"))) {
            *ret = card;
            return 0;
        }
        card.lines[card.n++] = line;
    }
    return err_set(err, ERR_INVALID, "the address book sent no vCard");
}

static struct line *find_line(struct card *card, const char *name)
{
    for (size_t i = 0; i < card->n; i++)
        if (!card->lines[i].gone && str_eq_nocase(card->lines[i].name, str_c(name)))
            return &card->lines[i];
    return NULL;
}

/* The line that our own writer makes of a contact for the property, if any. */
static bool written_line(const struct card *card, const struct contact *contact, const char *name,
                         struct line *ret_line)
{
    struct str text = card->v4 ? contact_vcard(contact, NULL, card->arena) : contact_vcard3(contact, NULL, card->arena);
    struct str raw;
    while (next_raw(&text, &raw)) {
        struct line line = parse_line(raw, card->arena);
        if (str_eq_nocase(line.name, str_c(name))) {
            *ret_line = line;
            return true;
        }
    }
    return false;
}

static void set_line(struct card *card, struct line *line, struct str head, struct str value)
{
    struct str text = str_printf(card->arena, "%.*s:%.*s", STR_ARG(head), STR_ARG(value));
    *line = parse_line(text, card->arena);
    line->changed = true;
}

/* Puts a new line behind the last one of its kind, else at the end. */
static void add_line(struct card *card, struct line line)
{
    size_t at = card->n;
    for (size_t i = card->n; i > 0 && at == card->n; i--)
        if (str_eq_nocase(card->lines[i - 1].name, line.name))
            at = i;
    memmove(&card->lines[at + 1], &card->lines[at], (card->n - at) * sizeof line);
    line.changed = true;
    card->lines[at] = line;
    card->n++;
}

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
static void set_part(struct card *card, const struct part *part, const struct contact *after)
{
    struct line written, *line = find_line(card, part->property);
    bool have = written_line(card, after, part->property, &written);
    if (!line) {
        if (have)
            add_line(card, written);
        return;
    }
    struct str old[PARTS] = {{0}}, new[PARTS] = {{0}};
    size_t n = split_value(line->value, old);
    if (have)
        (void)split_value(written.value, new);
    old[part->index] = new[part->index];
    for (size_t i = 0; i < PARTS; i++)
        if (part->clears & (1u << i))
            old[i] = STR("");
    if (n <= part->index)
        n = part->index + 1;
    if (all_empty(old, n) && strcmp(part->property, "N") != 0)
        line->gone = true;
    else
        set_line(card, line, line->head, join_value(old, n, card->arena));
}

static bool is_name(const char *field)
{
    static const char *const names[] = {"name_prefix", "given_name", "family_name", "name_suffix"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], field) == 0)
            return true;
    return false;
}

static void set_text(struct card *card, const struct crm_change *change, const struct contact *after)
{
    struct line written, *shown = find_line(card, "FN");
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (strcmp(parts[i].field, change->field->name) == 0)
            set_part(card, &parts[i], after);
    if (is_name(change->field->name) && shown && written_line(card, after, "FN", &written))
        set_line(card, shown, shown->head, written.value);
}

/* Comparison form of the one value that a line says, absent when it says none. */
static struct str line_key(const struct card *card, const struct line *line, const struct contact_field *field)
{
    struct contact contact;
    struct err err;
    struct str alone = str_printf(card->arena, "BEGIN:VCARD\r\nVERSION:%s\r\n%.*s\r\nEND:VCARD\r\n",
                                  card->v4 ? "4.0" : "3.0", STR_ARG(line->text));
    if (contact_vcard_read(alone, card->region, card->arena, &contact, NULL, &err) < 0)
        return STR_NONE;
    const struct json_list *list = (const void *)((const char *)&contact + field->offset);
    if (list->n != 1)
        return STR_NONE;
    if (field->kind == CONTACT_FIELD_ADDRESSES)
        return contact_address_key(list->items, card->arena);
    return contact_value_key(str_c(field->name), ((const struct contact_value *)list->items)->value, card->arena);
}

static struct str value_key(const struct contact_field *field, const void *value, struct arena *arena)
{
    if (field->kind == CONTACT_FIELD_ADDRESSES)
        return contact_address_key(value, arena);
    return contact_value_key(str_c(field->name), ((const struct contact_value *)value)->value, arena);
}

static struct line *find_value(struct card *card, const char *property, const struct contact_field *field,
                               const void *value)
{
    struct str key = value_key(field, value, card->arena);
    for (size_t i = 0; i < card->n; i++) {
        struct line *line = &card->lines[i];
        if (!line->gone && !line->changed && str_eq_nocase(line->name, str_c(property)) &&
            str_eq(line_key(card, line, field), key))
            return line;
    }
    return NULL;
}

static void drop_line(struct card *card, struct line *line)
{
    line->gone = true;
    for (size_t i = 0; line->group.n && i < card->n; i++)
        if (str_eq(card->lines[i].group, line->group) && str_starts(card->lines[i].name, STR("X-AB")))
            card->lines[i].gone = true;
}

/* The line that says one value: a contact with nothing else in it, written and cut out. */
static bool value_line(const struct card *card, const char *property, const struct contact_field *field,
                       const void *value, struct line *ret_line)
{
    struct contact alone = {0};
    struct json_list *list = (void *)((char *)&alone + field->offset);
    *list = (struct json_list){(void *)(uintptr_t)value, 1};
    return written_line(card, &alone, property, ret_line);
}

/* Parameters that are not about the kind stay: groups, preferences, languages, labels. */
static struct str kept_params(const struct line *line, struct arena *arena)
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

static void replace_value(struct card *card, struct line *line, const struct line *written, bool same_kind)
{
    struct str value = written->value, head = line->head;
    bool uri = str_find(str_lower(card->arena, line->params), STR("value=uri"), 0) >= 0;
    if (same_kind && !uri && str_starts(value, STR("tel:")))
        value = str_slice(value, 4, value.n);
    if (!same_kind)
        head = str_printf(card->arena, "%.*s%s%.*s%.*s", STR_ARG(line->group), line->group.n ? "." : "",
                          STR_ARG(written->head), STR_ARG(kept_params(line, card->arena)));
    set_line(card, line, head, value);
}

/* Components of an address that did not change keep their spelling ("Deutschland", a post box). */
static void replace_address(struct card *card, struct line *line, const struct line *written,
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
    set_line(card, line, line->head, join_value(old, PARTS, card->arena));
}

static int set_value(struct card *card, const char *property, const struct contact_field *field,
                     const struct crm_value_change *change, struct err *err)
{
    struct line written, *line = change->before ? find_value(card, property, field, change->before) : NULL;
    if (change->before && !line)
        return err_set(err, ERR_STALE, "%s", "");
    if (!change->after) {
        if (line)
            drop_line(card, line);
        return 0;
    }
    if (!value_line(card, property, field, change->after, &written))
        return err_set(err, ERR_INVALID, "an empty value");
    if (!line)
        add_line(card, written);
    else if (field->kind == CONTACT_FIELD_ADDRESSES)
        replace_address(card, line, &written, change);
    else
        replace_value(card, line, &written,
                      ((const struct contact_value *)change->before)->kind ==
                          ((const struct contact_value *)change->after)->kind);
    return 0;
}

static int set_list(struct card *card, const struct crm_change *change, struct err *err)
{
    const struct crm_value_change *values = change->values.items;
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        for (size_t i = 0; strcmp(lists[k].field, change->field->name) == 0 && i < change->values.n; i++)
            if (set_value(card, lists[k].property, change->field, &values[i], err) < 0)
                return -1;
    return 0;
}

static void put_folded(struct strbuf *out, struct str text)
{
    size_t used = 0;
    for (size_t at = 0; at < text.n;) {
        size_t start = at;
        (void)utf8_next(text, &at);
        if (used + (at - start) > FOLD_OCTETS) {
            strbuf_add_c(out, "\r\n ");
            used = 1;
        }
        strbuf_add(out, str_slice(text, start, at));
        used += at - start;
    }
}

int crm_vcard_apply(const struct crm_vcard_patch *patch, struct arena *arena, struct str *ret_vcard, struct err *err)
{
    struct card card = {.arena = arena};
    const struct crm_change *changes = patch->changes.items;
    if (read_card(patch, arena, &card, err) < 0)
        return -1;
    assert(card.lines);
    for (size_t i = 0; i < patch->changes.n; i++) {
        if (changes[i].field->kind == CONTACT_FIELD_TEXT)
            set_text(&card, &changes[i], patch->after);
        else if (set_list(&card, &changes[i], err) < 0)
            return -1;
    }
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < card.n; i++) {
        if (card.lines[i].gone)
            continue;
        if (card.lines[i].changed)
            put_folded(&out, card.lines[i].text);
        else
            strbuf_add(&out, card.lines[i].raw);
        strbuf_add_c(&out, "\r\n");
    }
    strbuf_add_c(&out, "END:VCARD\r\n");
    *ret_vcard = strbuf_str(&out);
    return 0;
}
