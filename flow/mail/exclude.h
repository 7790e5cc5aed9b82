/* Senders whose mail is not looked at: addresses and whole domains, judged by header fields alone. */
#ifndef FLOW_MAIL_EXCLUDE_H
#define FLOW_MAIL_EXCLUDE_H

#include "base/json.h"

/* A rule as it is kept: "name@domain" or "domain" (subdomains too), lower case, IDNs in their ASCII form, without a
 * "+tag". Understands "*.domain" and "@domain" as well. ERR_INVALID with the pointer. */
int flow_mail_rule(struct str text, const char *pointer, struct arena *arena, struct str *ret_rule, struct err *err);

/* Whether From, Sender or Reply-To among the fields names an excluded address; anything in them that looks like one
 * counts. `rules`: struct str, as flow_mail_rule() made them. */
bool flow_mail_excluded(const struct json_list *rules, struct str fields, struct arena *arena);
/* Whether a list or a program sent it, by List-Id and Auto-Submitted (RFC 2919, RFC 3834). */
bool flow_mail_automatic(struct str fields);

#endif
