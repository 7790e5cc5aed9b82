/* File drop: a CRM that no program writes to. Files that a person carries there, each change in exactly one of them;
 * and tables that a person carries back, which are the mirror. */
#ifndef FLOW_DROP_H
#define FLOW_DROP_H

#include "flow/flow.h"

/* Resource "Export": a file that took what waited. It stays as it was taken and can be fetched again. */
struct flow_export {
    struct str id, connection_id;
    int64_t contacts;
    struct str created_at;
};
/* Resource "Exports". */
struct flow_exports {
    int64_t waiting;        /* changes that the next file takes */
    struct json_list files; /* struct flow_export, newest first, at most 50 */
};
/* Input of POST /v1/connections/{id}/imports: one part of a table, each part with the line of headings. */
struct flow_import_new {
    struct str text;  /* CSV, or vCards; at most 2,000 rows */
    struct str since; /* what the answer to the first part gave; absent = this is the first */
    bool complete;    /* the last part of a table of everybody: who was not in it is not in the CRM */
};
/* Resource "Import". */
struct flow_import {
    int64_t contacts; /* rows that became records */
    int64_t skipped;  /* rows that name nobody or are not valid */
    int64_t gone;     /* records that the complete table has not got */
    struct str since; /* for the next part */
};
extern const struct json_shape flow_export_shape, flow_exports_shape, flow_import_new_shape, flow_import_shape;

/* All of them: ERR_FORBIDDEN (not an admin), ERR_NOT_FOUND (no such connection or file, or one of another kind). */
int flow_export_list(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                     struct flow_exports *ret_exports, struct err *err);
/* Makes a file of what waits, at most 2,000 changes. ERR_CONFLICT: nothing does. */
int flow_export_create(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                       struct arena *arena, struct flow_export *ret_export, struct err *err);
struct flow_export_ask {
    struct id export;
    bool vcards; /* version 3.0; else CSV with headings in the actor's language */
};
/* The file, the same however often it is fetched. */
int flow_export_file(const struct flow *flow, const struct flow_actor *actor, struct flow_export_ask ask,
                     struct arena *arena, struct str *ret_text, struct err *err);

struct flow_import_ask {
    struct id connection;
    struct flow_import_new input;
};
/* Takes one part of a table into the mirror, two hundred rows a transaction: repeating a part changes nothing. Records
 * that began here stay until the table shows them. ERR_INVALID with the pointer "/text" or "/since", ERR_TOO_LARGE. */
int flow_import_take(const struct flow *flow, const struct flow_actor *actor, const struct flow_import_ask *ask,
                     struct arena *arena, struct flow_import *ret_import, struct err *err);

#endif
