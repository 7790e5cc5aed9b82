/* An open hash of ids. */
#include "services/dedupe/ids.h"

#include "services/dedupe/csv.h"
#include "services/dedupe/source.h"

#include <string.h>

struct ids {
    const struct str *ids;
    uint32_t *slots; /* place + 1 */
    size_t mask;
};

static uint64_t hash_of(struct str text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text.n; i++)
        h = (h ^ (unsigned char)text.p[i]) * 0x100000001b3u;
    return h ^ h >> 31;
}

/* The slot of an id, or the empty one where it would be. */
static uint32_t *slot_of(const struct ids *ids, struct str id)
{
    size_t slot = hash_of(id) & ids->mask;
    while (ids->slots[slot] && !str_eq(ids->ids[ids->slots[slot] - 1], id))
        slot = (slot + 1) & ids->mask;
    return &ids->slots[slot];
}

int ids_index(const struct str *ids, size_t n, const char *file, struct arena *arena, struct ids **ret_ids,
              struct err *err)
{
    struct ids *index = arena_one(arena, struct ids);
    size_t room = 16;
    while (room < 2 * n)
        room *= 2;
    *index = (struct ids){ids, arena_array(arena, room, sizeof(uint32_t)), room - 1};
    for (size_t i = 0; i < n; i++) {
        uint32_t *slot = slot_of(index, ids[i]);
        if (*slot)
            return err_set(err, ERR_INVALID, "%s: the id %.*s is there twice", file, STR_ARG(ids[i]));
        *slot = (uint32_t)i + 1;
    }
    *ret_ids = index;
    return 0;
}

size_t ids_find(const struct ids *ids, struct str id)
{
    uint32_t slot = *slot_of(ids, id);
    return slot ? slot - 1 : SIZE_MAX;
}

/* yes or no in a few spellings; -1: neither. */
static int answer_of(struct str text)
{
    static const char *const words[][2] = {{"no", "yes"}, {"0", "1"}, {"false", "true"}, {"nein", "ja"}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        for (int answer = 0; answer < 2; answer++) {
            if (str_eq_nocase(text, str_c(words[i][answer])))
                return answer;
        }
    }
    return -1;
}

enum { LEFT, RIGHT, SAME, COLUMNS };

/* Where the columns stand; SIZE_MAX = nowhere. */
static int find_columns(struct csv *csv, struct arena *arena, const struct decided_source *source,
                        size_t ret_at[COLUMNS], struct err *err)
{
    static const char *const names[COLUMNS] = {"id_l", "id_r", "same"};
    struct str header[SOURCE_COLUMNS];
    size_t n = 0;
    if (csv_row(csv, arena, header, SOURCE_COLUMNS, &n, err) < 0)
        return -1;
    for (size_t c = 0; c < COLUMNS; c++) {
        ret_at[c] = SIZE_MAX;
        for (size_t i = 0; i < n; i++) {
            if (str_eq_nocase(str_trim(header[i]), str_c(names[c])))
                ret_at[c] = i;
        }
        if (ret_at[c] == SIZE_MAX && (c != SAME || source->answers))
            return err_set(err, ERR_INVALID, "%s has no column %s", source->file, names[c]);
    }
    return 0;
}

/* The records of a row: 1, or 0 when there is none of that id. */
static int pair_of(const struct decided_source *source, const struct ids *const index[2], const struct str ids[2],
                   struct decided *ret_pair)
{
    size_t left = ids_find(index[0], ids[0]), right = ids_find(index[1], ids[1]);
    if (left == SIZE_MAX || right == SIZE_MAX || (source->border == 0 && left == right))
        return 0;
    right += source->border;
    *ret_pair =
        (struct decided){(uint32_t)(left < right ? left : right), (uint32_t)(left < right ? right : left), false};
    return 1;
}

int ids_read_decided(const struct decided_source *source, struct arena *arena, struct decided_list *ret_list,
                     size_t *ret_unknown, struct err *err)
{
    struct decided_list list = {0};
    struct str text, cells[SOURCE_COLUMNS];
    struct csv csv;
    size_t at[COLUMNS], n = 0, unknown = 0, first = source->border ? source->border : source->n;
    struct ids *index[2];
    if (source_map(source->file, &text, err) < 0)
        return -1;
    if (csv_open(text, &csv, err) < 0)
        return err_set(err, ERR_INVALID, "%s is not UTF-8", source->file);
    if (find_columns(&csv, arena, source, at, err) < 0 ||
        ids_index(source->ids, first, source->file, arena, &index[0], err) < 0 ||
        ids_index(source->ids + source->border, source->n - source->border, source->file, arena, &index[1], err) < 0)
        return -1;
    list.items = arena_array(arena, csv_rows_most(&csv), sizeof *list.items);
    for (int got; (got = csv_row(&csv, arena, cells, SOURCE_COLUMNS, &n, err)) != 0;) {
        if (got < 0)
            return -1;
        int answer = source->answers && at[SAME] < n ? answer_of(str_trim(cells[at[SAME]])) : 0;
        if (at[LEFT] >= n || at[RIGHT] >= n || (source->answers && (at[SAME] >= n || answer < 0)))
            return err_set(err, ERR_INVALID, "%s line %zu: id_l,id_r%s are expected", source->file, csv.line,
                           source->answers ? ",same (yes or no)" : "");
        const struct str ids[2] = {str_trim(cells[at[LEFT]]), str_trim(cells[at[RIGHT]])};
        if (!pair_of(source, (const struct ids *const *)index, ids, &list.items[list.n])) {
            unknown++;
            continue;
        }
        list.items[list.n++].same = answer == 1;
    }
    *ret_list = list;
    *ret_unknown = unknown;
    return 0;
}
