/* Blocking by every two values that two records share. A key of one value alone meets too many, one of three too few;
 * all twos together miss little, since a pair that counts agrees somewhere twice. */
#include "dedupe/table/meet.h"

#include "contact/fold.h"
#include "dedupe/block/pairs.h"
#include "dedupe/distance.h"

#include <string.h>

enum {
    ATOMS = 48,
    BLOCK_MAX = 100, /* records of one key that are all paired */
    FEW_VALUES = 50, /* a field of fewer values tells nothing alone */
    SMALL = 500,     /* records up to which all pairs meet */
};

/* What a field's value leaves behind: the value itself, its sound, its beginning, a part. */
struct atom {
    size_t field;
    uint64_t *of; /* per value; 0 = none */
    bool whole;   /* the value itself */
};

struct entry {
    uint64_t key;
    uint32_t record;
};

struct meeting {
    const struct dedupe_table *table;
    struct atom atoms[ATOMS];
    size_t atoms_n;
    size_t border;
    struct entry *entries, *other; /* 2 a record */
    size_t entries_n;
    uint64_t *pair;
    size_t n, room, sorted; /* of the pairs; the first `sorted` are in order and unique */
    size_t kinds, skipped;
};

static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 33;
}

static uint64_t hash_of(struct str text, uint64_t salt)
{
    uint64_t h = 0xcbf29ce484222325u ^ salt;
    for (size_t i = 0; i < text.n; i++)
        h = (h ^ (unsigned char)text.p[i]) * 0x100000001b3u;
    return str_empty(text) ? 0 : mix(h) | 1;
}

enum part { WHOLE, SOUND, BEGINNING, ENDING, YEAR, DAY, MONTH, LOCAL, FIRST_WORD, LAST_WORD, PARTS };

static struct str beginning(struct str text, size_t n)
{
    return text.n >= n ? str_slice(text, 0, n) : STR("");
}

static struct str word_of(struct str text, bool last)
{
    struct str words[8];
    size_t n = contact_words(text, words, ARRAY_LEN(words));
    return n > 1 ? words[last ? n - 1 : 0] : STR("");
}

static struct str part_of(struct str text, enum part part, struct arena *arena)
{
    ptrdiff_t at;
    switch (part) {
    case SOUND:
        return dedupe_sound(text, arena);
    case BEGINNING:
        return beginning(text, 3);
    case ENDING:
        return text.n >= 5 ? str_slice(text, text.n - 3, text.n) : STR("");
    case YEAR:
        return beginning(text, 4);
    case DAY:
        return text.n == 8 ? str_slice(text, 4, 8) : STR("");
    case MONTH:
        return beginning(text, 6);
    case LOCAL:
        at = str_find(text, STR("@"), 0);
        return at > 3 ? str_slice(text, 0, (size_t)at) : STR("");
    case FIRST_WORD:
        return word_of(text, false);
    case LAST_WORD:
        return word_of(text, true);
    case WHOLE:
    case PARTS:
        break;
    }
    return text;
}

/* Parts that values of a kind are met by. */
static unsigned parts_of(enum dedupe_kind kind)
{
#define PART(part) 1u << part
    switch (kind) {
    case DEDUPE_KIND_GIVEN:
    case DEDUPE_KIND_FAMILY:
        return PART(WHOLE) | PART(SOUND) | PART(BEGINNING) | PART(FIRST_WORD) | PART(LAST_WORD);
    case DEDUPE_KIND_BIRTH:
        return PART(WHOLE) | PART(YEAR) | PART(DAY) | PART(MONTH);
    case DEDUPE_KIND_EMAIL:
        return PART(WHOLE) | PART(LOCAL) | PART(BEGINNING);
    case DEDUPE_KIND_PHONE:
    case DEDUPE_KIND_IDENTIFIER:
        return PART(WHOLE) | PART(BEGINNING) | PART(ENDING);
    case DEDUPE_KIND_STREET:
    case DEDUPE_KIND_COMPANY:
        return PART(WHOLE) | PART(BEGINNING) | PART(FIRST_WORD) | PART(LAST_WORD);
    case DEDUPE_KIND_POSTAL:
    case DEDUPE_KIND_CITY:
        return PART(WHOLE) | PART(BEGINNING);
    case DEDUPE_KIND_OTHER_NAMES:
    case DEDUPE_KIND_TEXT:
    case DEDUPE_KINDS:
        break;
    }
    return PART(WHOLE);
#undef PART
}

/* Given and family names share their salt, so that exchanged ones meet. */
static uint64_t salt_of(enum dedupe_kind kind, size_t field, enum part part)
{
    bool name = kind == DEDUPE_KIND_GIVEN || kind == DEDUPE_KIND_FAMILY;
    return mix((name ? 99 : field) * PARTS + part + 1);
}

static void add_atoms(struct meeting *meeting, size_t at, struct arena *arena)
{
    const struct dedupe_field *field = &meeting->table->fields[at];
    unsigned parts = parts_of(field->kind);
    for (unsigned part = 0; part < PARTS && meeting->atoms_n < ATOMS; part++) {
        if (!(parts >> part & 1))
            continue;
        struct atom atom = {at, arena_array(arena, field->values_n, sizeof(uint64_t)), part == WHOLE};
        uint64_t salt = salt_of(field->kind, at, (enum part)part);
        for (size_t v = 1; v < field->values_n; v++)
            atom.of[v] = hash_of(part_of(field->values[v].text, (enum part)part, arena), salt);
        meeting->atoms[meeting->atoms_n++] = atom;
    }
}

static void sort_entries(struct meeting *meeting)
{
    for (unsigned shift = 8; shift < 56; shift += 8) {
        size_t start[256] = {0}, sum = 0;
        for (size_t i = 0; i < meeting->entries_n; i++)
            start[meeting->entries[i].key >> shift & 255]++;
        for (size_t b = 0; b < 256; b++) {
            size_t count = start[b];
            start[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < meeting->entries_n; i++)
            meeting->other[start[meeting->entries[i].key >> shift & 255]++] = meeting->entries[i];
        struct entry *swap = meeting->entries;
        meeting->entries = meeting->other;
        meeting->other = swap;
    }
}

/* Sorts all pairs and drops repeats. */
static void settle(struct meeting *meeting)
{
    meeting->n = meeting->sorted = dedupe_pairs_settle(meeting->pair, meeting->n, 64);
}

static void make_room(struct meeting *meeting)
{
    settle(meeting);
    if (meeting->n <= meeting->room / 2)
        return;
    meeting->room *= 2;
    meeting->pair = realloc(meeting->pair, meeting->room * sizeof *meeting->pair);
    if (!meeting->pair)
        abort();
}

static void add_pair(struct meeting *meeting, uint32_t a, uint32_t b)
{
    uint32_t left = a < b ? a : b, right = a < b ? b : a;
    bool across = meeting->border == 0 || (left < meeting->border && right >= meeting->border);
    if (left == right || !across)
        return;
    if (meeting->n == meeting->room)
        make_room(meeting);
    meeting->pair[meeting->n++] = (uint64_t)left << 32 | right;
}

static void add_entry(struct meeting *meeting, uint64_t one, uint64_t two, uint32_t record)
{
    if (one && two)
        meeting->entries[meeting->entries_n++] = (struct entry){mix(one + two), record};
}

static uint64_t atom_at(const struct meeting *meeting, const struct atom *atom, uint32_t record)
{
    return atom->of[meeting->table->fields[atom->field].cells[record]];
}

/* The atom of the other name field that shares this one's salt, or NULL. */
static const struct atom *twin_of(const struct meeting *meeting, const struct atom *atom)
{
    const struct dedupe_table *table = meeting->table;
    if (table->given < 0 || !atom->whole || atom->field != (size_t)table->family)
        return NULL;
    for (size_t i = 0; i < meeting->atoms_n; i++) {
        if (meeting->atoms[i].whole && meeting->atoms[i].field == (size_t)table->given)
            return &meeting->atoms[i];
    }
    return NULL;
}

/* Entries of the key of atoms `a` and `b`; b NULL: of a alone. */
static void fill_entries(struct meeting *meeting, const struct atom *a, const struct atom *b)
{
    const struct atom *twin = b ? twin_of(meeting, a) : NULL;
    if (b && !twin) {
        twin = twin_of(meeting, b);
        if (twin) {
            const struct atom *swap = a;
            a = b;
            b = swap;
        }
    }
    if (twin && b->field == twin->field)
        twin = NULL;
    meeting->entries_n = 0;
    for (uint32_t i = 0; i < meeting->table->n; i++) {
        uint64_t one = atom_at(meeting, a, i), two = b ? atom_at(meeting, b, i) : 1;
        add_entry(meeting, one, two, i);
        if (twin && atom_at(meeting, twin, i) != one)
            add_entry(meeting, atom_at(meeting, twin, i), two, i);
    }
    sort_entries(meeting);
}

static void pair_entries(struct meeting *meeting)
{
    const struct entry *entries = meeting->entries;
    const uint64_t mask = 0x00ffffffffffff00u;
    for (size_t from = 0, to; from < meeting->entries_n; from = to) {
        for (to = from + 1; to < meeting->entries_n && ((entries[to].key ^ entries[from].key) & mask) == 0;)
            to++;
        if (to - from > BLOCK_MAX) {
            meeting->skipped++;
            continue;
        }
        for (size_t i = from; i < to; i++) {
            for (size_t j = i + 1; j < to; j++)
                add_pair(meeting, entries[i].record, entries[j].record);
        }
    }
}

static bool tells(const struct meeting *meeting, const struct atom *atom)
{
    return meeting->table->fields[atom->field].values_n > FEW_VALUES;
}

static void meet_by_keys(struct meeting *meeting, struct arena *work)
{
    for (size_t f = 0; f < meeting->table->fields_n; f++)
        add_atoms(meeting, f, work);
    for (size_t i = 0; i < meeting->atoms_n; i++) {
        const struct atom *a = &meeting->atoms[i];
        if (a->whole && tells(meeting, a)) {
            fill_entries(meeting, a, NULL);
            pair_entries(meeting);
            meeting->kinds++;
        }
        for (size_t k = i + 1; k < meeting->atoms_n; k++) {
            const struct atom *b = &meeting->atoms[k];
            if (a->field == b->field || !tells(meeting, a) || !tells(meeting, b))
                continue;
            fill_entries(meeting, a, b);
            pair_entries(meeting);
            meeting->kinds++;
        }
    }
}

static void meet_all(struct meeting *meeting)
{
    for (uint32_t i = 0; i < meeting->table->n; i++) {
        for (uint32_t j = i + 1; j < meeting->table->n; j++)
            add_pair(meeting, i, j);
    }
}

void dedupe_meet(const struct dedupe_table *table, size_t border, struct arena *arena,
                 struct dedupe_meetings *ret_meetings)
{
    _cleanup_(arena_freep) struct arena *work = arena_new(SIZE_MAX);
    struct meeting meeting = {.table = table, .border = border, .room = 1 << 20};
    meeting.entries = arena_array(work, 2 * table->n, sizeof *meeting.entries);
    meeting.other = arena_array(work, 2 * table->n, sizeof *meeting.other);
    meeting.pair = malloc(meeting.room * sizeof *meeting.pair);
    if (!meeting.pair)
        abort();
    if (table->n <= SMALL)
        meet_all(&meeting);
    else
        meet_by_keys(&meeting, work);
    settle(&meeting);
    *ret_meetings = (struct dedupe_meetings){arena_array(arena, meeting.n, sizeof(uint64_t)), meeting.n, meeting.kinds,
                                             meeting.skipped};
    memcpy(ret_meetings->pair, meeting.pair, meeting.n * sizeof *meeting.pair);
    free(meeting.pair);
}
