/* Tokens of IMAP responses (RFC 9051 section 9), one at a time from the wire. Inside of imap.c. */
#ifndef CRM_CONNECTORS_MAILBOX_IMAP_TOKEN_H
#define CRM_CONNECTORS_MAILBOX_IMAP_TOKEN_H

#include "crm-connectors/mailbox/imap.h"

enum { CRM_IMAP_WORD = 512 /* bytes of an atom or quoted string that are kept; longer ones are cut */ };

enum crm_imap_kind { IMAP_OPEN, IMAP_CLOSE, IMAP_ATOM, IMAP_QUOTED, IMAP_LITERAL, IMAP_END };

struct crm_imap_token {
    enum crm_imap_kind kind;
    char word[CRM_IMAP_WORD];
    size_t n;        /* of word */
    uint64_t length; /* of a literal, whose bytes come next */
};

/* The word; a view into the token. */
static inline struct str crm_imap_word(const struct crm_imap_token *token)
{
    return (struct str){token->word, token->n};
}

/* ERR_CRM_DOWN with a detail. Always -1. */
int crm_imap_broken(struct err *err, const char *what);
/* At least one byte is there to read, unless timeout_ms passes first: *ret_some. */
int crm_imap_fill(struct crm_imap *imap, int timeout_ms, bool *ret_some, struct err *err);
int crm_imap_token(struct crm_imap *imap, struct crm_imap_token *token, struct err *err);
/* n bytes of a literal: `room` of them into `to`, the rest dropped; none stay in the buffer. */
int crm_imap_literal(struct crm_imap *imap, uint64_t n, char *to, size_t room, struct err *err);
/* The rest of the line as it is: words of the server, cut to what the token holds. */
int crm_imap_text(struct crm_imap *imap, struct crm_imap_token *token, struct err *err);
/* Leaves the response behind its first word, which `token` holds: literals too; text where it is a status. */
int crm_imap_skip_response(struct crm_imap *imap, struct crm_imap_token *token, struct err *err);
/* Leaves one value: a word, or a list with all in it. `token` is its first token. */
int crm_imap_skip_value(struct crm_imap *imap, struct crm_imap_token *token, struct err *err);
/* A nonzero number of 32 bits. */
bool crm_imap_uid(const struct crm_imap_token *token, uint32_t *ret_uid);

#endif
