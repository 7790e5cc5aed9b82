/* A signed-in, encrypted connection to a mail server on which the caller then speaks IMAP or SMTP itself: libcurl does
 * name, TCP, TLS or STARTTLS, certificate and sign-in, under the egress rules of egress.h. Plain connections do not
 * exist. */
#ifndef CRM_CONNECTORS_STREAM_H
#define CRM_CONNECTORS_STREAM_H

#include "crm-connectors/http.h"

struct crm_stream; /* for one thread at a time */

struct crm_stream_to {
    struct crm_mail_host at; /* STARTTLS that is not offered, or was stripped on the way, is refused */
    struct str user;         /* absent: nobody signs in (submission only) */
    struct str password;     /* absent when there is a token */
    struct str token; /* OAuth access token, by XOAUTH2 or, where the server has only that, OAUTHBEARER (RFC 7628) */
};

/* Connects and signs in; `http` lends its rules (allowed private hosts, certificate authorities, deadlines, resolver)
 * and is free again afterwards. Errors: ERR_HOST_REFUSED (nothing was sent), ERR_CRM_DOWN (no name, connection, trust,
 * encryption), ERR_CRM_REAUTHORISE (the server does not take the credentials). */
int crm_stream_open(struct crm_http *http, const struct crm_stream_to *to, struct crm_stream **ret_stream,
                    struct err *err);
void crm_stream_freep(struct crm_stream **stream);

/* Sends all n bytes. ERR_CRM_DOWN: the connection broke, or timeout_ms passed. */
int crm_stream_send(struct crm_stream *stream, const char *p, size_t n, int timeout_ms, struct err *err);
struct crm_patience {
    int timeout_ms;
    int wake_fd; /* readable: wait no longer; -1 = none */
};
/* Takes 1 to n bytes as they come; *ret_n is 0 when the patience ended first. ERR_CRM_DOWN: the connection ended. */
int crm_stream_receive(struct crm_stream *stream, char *p, size_t n, const struct crm_patience *patience, size_t *ret_n,
                       struct err *err);

#endif
