/* Signed heads of the audit trails, kept outside of the database: who holds the database alone can no longer cut or
 * rewrite a chain unnoticed. kartei-audit-verify reads them. */
#ifndef STORE_AUDIT_HEAD_H
#define STORE_AUDIT_HEAD_H

#include "store/audit/audit.h"

/* Appends the organisation's head to AUDIT_DIR/ORG.heads when it has moved since the last line there:
 * "ORG SEQ HASH AT SIGNATURE", HASH in hex, AT in ms since 1970, SIGNATURE (store/keys/sign.h) over what stands before
 * it. Nothing without a folder (store_settings.audit_dir). Errors: those of a transaction, ERR_DISK_FULL,
 * ERR_INTERNAL. */
int store_audit_head_keep(struct store *store, const struct id *org, struct err *err);

#endif
