/* See vcard_lines.h. */
#include "crm-connectors/carddav/vcard_lines.h"

#include "contact/diff.h"
#include "contact/vcard.h"

enum { FOLD_OCTETS = 75 };

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

struct crm_vcard_line crm_vcard_line(struct str raw, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    struct str rest = raw, piece;
    for (bool first = true; str_split(&rest, '\n', &piece); first = false) {
        if (piece.n && piece.p[piece.n - 1] == '\r')
            piece.n--;
        strbuf_add(&text, first ? piece : str_slice(piece, 1, piece.n));
    }
    struct crm_vcard_line line = {.raw = raw, .text = strbuf_str(&text)};
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

bool crm_vcard_next(struct str *rest, struct str *ret_raw)
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

int crm_vcard_read(struct str vcard, const char *region, struct arena *arena, struct crm_vcard *ret, struct err *err)
{
    struct crm_vcard card = {.arena = arena, .region = region};
    struct str rest = vcard, raw;
    size_t lines = 2;
    for (size_t i = 0; i < rest.n; i++)
        lines += rest.p[i] == '\n';
    card.lines = arena_array(arena, lines + 2 * CONTACT_VCARD_LINES, sizeof *card.lines);
    bool begun = false;
    while (crm_vcard_next(&rest, &raw)) {
        struct crm_vcard_line line = crm_vcard_line(raw, arena);
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

struct crm_vcard_line *crm_vcard_find(struct crm_vcard *card, const char *name)
{
    for (size_t i = 0; i < card->n; i++)
        if (!card->lines[i].gone && str_eq_nocase(card->lines[i].name, str_c(name)))
            return &card->lines[i];
    return NULL;
}

void crm_vcard_set(struct crm_vcard *card, struct crm_vcard_line *line, struct str head, struct str value)
{
    struct str text = str_printf(card->arena, "%.*s:%.*s", STR_ARG(head), STR_ARG(value));
    *line = crm_vcard_line(text, card->arena);
    line->changed = true;
}

void crm_vcard_add(struct crm_vcard *card, struct crm_vcard_line line)
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

/* Comparison form of the one value that a line says, absent when it says none. */
static struct str line_key(const struct crm_vcard *card, const struct crm_vcard_line *line,
                           const struct contact_field *field)
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

struct crm_vcard_line *crm_vcard_find_value(struct crm_vcard *card, const char *property,
                                            const struct contact_field *field, const void *value)
{
    struct str key = value_key(field, value, card->arena);
    for (size_t i = 0; i < card->n; i++) {
        struct crm_vcard_line *line = &card->lines[i];
        if (!line->gone && !line->changed && str_eq_nocase(line->name, str_c(property)) &&
            str_eq(line_key(card, line, field), key))
            return line;
    }
    return NULL;
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

struct str crm_vcard_text(const struct crm_vcard *card)
{
    struct strbuf out = {.arena = card->arena};
    for (size_t i = 0; i < card->n; i++) {
        if (card->lines[i].gone)
            continue;
        if (card->lines[i].changed)
            put_folded(&out, card->lines[i].text);
        else
            strbuf_add(&out, card->lines[i].raw);
        strbuf_add_c(&out, "\r\n");
    }
    strbuf_add_c(&out, "END:VCARD\r\n");
    return strbuf_str(&out);
}

bool crm_vcard_labels(const struct crm_vcard_line *line)
{
    return line->group.n > 0 && str_starts(line->name, STR("X-AB"));
}

static bool among(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (str_eq_nocase(name, str_c(*names)))
            return true;
    return false;
}

struct str crm_vcard_extract(struct str vcard, const char *const *names, struct arena *arena)
{
    struct crm_vcard card;
    struct err unreadable;
    if (crm_vcard_read(vcard, NULL, arena, &card, &unreadable) < 0)
        return STR_NONE;
    for (size_t i = 0; i < card.n; i++) {
        struct crm_vcard_line *line = &card.lines[i];
        bool frame = str_eq_nocase(line->name, STR("BEGIN")) || str_eq_nocase(line->name, STR("VERSION"));
        line->gone = !frame && !crm_vcard_labels(line) && !among(line->name, names);
    }
    return crm_vcard_text(&card);
}
