/* An address book in memory; see memory_book.h. */
#include "tests/contract/memory_book.h"

#include "base/limits.h"
#include "crm-connectors/fault.h"

enum { ROOM = 100 };

struct entry {
    struct crm_record record;
    struct str marker;
    int changed; /* number of the change that made it so */
};

struct memory_book {
    struct arena *arena;
    struct entry entries[ROOM];
    size_t n;
    int changes;
    struct crm_book lend;
};

static struct crm_record copy(const struct crm_record *record, struct arena *arena)
{
    return (struct crm_record){.remote_id = str_dup(arena, record->remote_id),
                               .version = str_dup(arena, record->version),
                               .kind = record->kind,
                               .deleted = record->deleted,
                               .contact = contact_copy(&record->contact, arena)};
}

static void touch(struct memory_book *book, struct entry *entry)
{
    entry->changed = ++book->changes;
    entry->record.version = str_printf(book->arena, "v%d", entry->changed);
}

static struct entry *find(struct memory_book *book, struct str id)
{
    for (size_t i = 0; i < book->n; i++)
        if (str_eq(book->entries[i].record.remote_id, id) && !book->entries[i].record.deleted)
            return &book->entries[i];
    return NULL;
}

typedef bool keep_fn(const struct entry *entry, const void *probe, struct arena *arena);

static int collect(struct memory_book *book, keep_fn *keep, const void *probe, struct arena *arena,
                   struct json_list *ret)
{
    struct crm_record *records = arena_array(arena, ROOM, sizeof *records);
    *ret = (struct json_list){records, 0};
    for (size_t i = 0; i < book->n; i++)
        if (!book->entries[i].record.deleted && keep(&book->entries[i], probe, arena))
            records[ret->n++] = copy(&book->entries[i].record, arena);
    return 0;
}

static bool shares(const struct entry *entry, const void *probe, struct arena *arena)
{
    return crm_shares_value(probe, &entry->record.contact, arena);
}

static bool has_marker(const struct entry *entry, const void *probe, struct arena *arena _unused_)
{
    return str_eq(entry->marker, *(const struct str *)probe);
}

static bool has_word(const struct entry *entry, const void *probe, struct arena *arena _unused_)
{
    struct str word = *(const struct str *)probe;
    return str_find(entry->record.contact.family_name, word, 0) >= 0 ||
           str_find(entry->record.contact.organization, word, 0) >= 0;
}

static int book_find(void *self, const struct contact *probe, struct arena *arena, struct json_list *ret,
                     struct err *err _unused_)
{
    return collect(self, shares, probe, arena, ret);
}

static int book_find_marker(void *self, struct str marker, struct arena *arena, struct json_list *ret,
                            struct err *err _unused_)
{
    return collect(self, has_marker, &marker, arena, ret);
}

static int book_search(void *self, struct str text, struct arena *arena, struct json_list *ret,
                       struct err *err _unused_)
{
    return collect(self, has_word, &text, arena, ret);
}

static int book_get(void *self, struct str id, struct arena *arena, struct crm_record *ret, struct err *err)
{
    struct entry *entry = find(self, id);
    if (!entry)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    *ret = copy(&entry->record, arena);
    return 0;
}

static int book_create(void *self, struct str marker, const struct contact *contact, struct arena *arena,
                       struct crm_record *ret, struct err *err)
{
    struct memory_book *book = self;
    struct entry *entry = NULL;
    for (size_t i = 0; i < book->n; i++)
        if (str_eq(book->entries[i].marker, marker))
            entry = &book->entries[i];
    if (!entry && book->n == ROOM)
        return err_set(err, ERR_BUSY, "full");
    if (!entry) {
        entry = &book->entries[book->n++];
        entry->marker = str_dup(book->arena, marker);
        entry->record.remote_id = str_printf(book->arena, "%zu", book->n);
        entry->record.contact = contact_copy(contact, book->arena);
        touch(book, entry);
    }
    *ret = copy(&entry->record, arena);
    return 0;
}

static int seen(struct memory_book *book, const struct crm_record *record, struct entry **ret_entry, struct err *err)
{
    *ret_entry = find(book, record->remote_id);
    if (!*ret_entry)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    return str_eq((*ret_entry)->record.version, record->version) ? 0 : err_set(err, ERR_STALE, "%s", "");
}

static int book_update(void *self, const struct crm_record *record, const struct contact *after, struct arena *arena,
                       struct crm_record *ret, struct err *err)
{
    struct memory_book *book = self;
    struct entry *entry;
    if (seen(book, record, &entry, err) < 0)
        return -1;
    entry->record.contact = contact_copy(after, book->arena);
    touch(book, entry);
    *ret = copy(&entry->record, arena);
    return 0;
}

static int book_remove(void *self, const struct crm_record *record, struct err *err)
{
    struct entry *entry;
    if (seen(self, record, &entry, err) < 0)
        return -1;
    entry->record.deleted = true;
    touch(self, entry);
    return 0;
}

static int book_changes(void *self, struct str cursor, struct arena *arena, struct crm_page *ret,
                        struct err *err _unused_)
{
    struct memory_book *book = self;
    struct crm_record *records = arena_array(arena, ROOM, sizeof *records);
    int64_t since = 0;
    size_t n = 0;
    (void)str_to_int(cursor, 0, INT32_MAX, &since);
    for (size_t i = 0; i < book->n; i++)
        if (book->entries[i].changed > since)
            records[n++] = copy(&book->entries[i].record, arena);
    *ret = (struct crm_page){.result = {.outcome = CRM_FOUND, .records = {records, n}},
                             .cursor = str_printf(arena, "%d", book->changes),
                             .full = since == 0};
    return 0;
}

struct memory_book *memory_book_new(void)
{
    struct memory_book *book = calloc(1, sizeof *book);
    if (!book)
        abort();
    book->arena = arena_new(LIMIT_ARENA_REQUEST);
    book->lend = (struct crm_book){book,        book_find,   book_find_marker, book_search, book_get,
                                   book_create, book_update, book_remove,      book_changes};
    return book;
}

void memory_book_freep(struct memory_book **book)
{
    if (!*book)
        return;
    arena_free((*book)->arena);
    free(*book);
    *book = NULL;
}

const struct crm_book *memory_book_lend(struct memory_book *book)
{
    return &book->lend;
}
