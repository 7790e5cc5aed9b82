/* What is done about a data subject's request (flow/subject.h): copies handed out, or everything erased. */
#ifndef FLOW_SUBJECT_ANSWER_H
#define FLOW_SUBJECT_ANSWER_H

#include "contact/custody.h"
#include "flow/subject.h"

/* What a human says is the person's. */
struct flow_subject_choice {
    struct json_list contacts, records; /* struct str: ids */
    struct str confirm;                 /* of the preview; for the erasure only */
};

/* A request, and what of the finds it is about. */
struct flow_subject_act {
    struct id request;
    const struct flow_subject_choice *choice;
};

/* A contact as it is handed out. */
struct flow_subject_copy {
    struct flow_contact contact;
    struct json_list versions;    /* struct flow_contact_version */
    struct json_list write_backs; /* struct flow_write_back */
};
struct flow_subject_record_copy {
    struct str id, connection, kind, remote_id, fetched_at;
    struct contact contact;
    struct contact_custody custody;
};
/* The answer to an access request. */
struct flow_subject_answer {
    int64_t number;
    struct str organisation, made_at;
    struct json_list
        notices; /* struct str: purposes, kinds of data, recipients, how long, rights (article 15, 1 and 2) */
    struct json_list contacts; /* struct flow_subject_copy */
    struct json_list records;  /* struct flow_subject_record_copy */
};

/* What an erasure would do. */
struct flow_subject_preview {
    int64_t contacts, records, photos, shared_photos, write_backs;
    int64_t under_way;        /* write-backs: the erasure waits for them */
    struct json_list remains; /* struct flow_subject_remains */
    struct json_list notices; /* struct str: what is not erased, and why */
    struct str confirm;       /* says that this was seen */
};

extern const struct json_shape flow_subject_choice_shape, flow_subject_answer_shape, flow_subject_preview_shape;

/* Copies of what was chosen; the request is done. May be asked for again. ERR_CONFLICT: it is an erasure. */
int flow_subject_answer(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_act *act,
                        struct arena *arena, struct flow_subject_answer *ret_answer, struct err *err);
/* ERR_CONFLICT: not an erasure, or done. ERR_NOT_FOUND: an id that is not there. */
int flow_subject_preview(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_act *act,
                         struct arena *arena, struct flow_subject_preview *ret_preview, struct err *err);
/* Erases what was chosen, at once and for good, in backups too: a restore erases it again. ERR_CONFLICT: as before, a
 * write-back is under way, or choice->confirm is of something else than what would go now. */
int flow_subject_erase(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_act *act,
                       struct arena *arena, struct flow_subject_request *ret_request, struct err *err);

#endif
