/* Shapes of the API's own answers; everything else comes from flow/. */
#ifndef API_SHAPES_H
#define API_SHAPES_H

#include "api/bearer.h"
#include "contact/contact.h"
#include "flow/audit/alerts.h"
#include "flow/audit/search.h"
#include "flow/authorize.h"
#include "flow/batch/batch.h"
#include "flow/contacts.h"
#include "flow/drop.h"
#include "flow/duplicates/cluster.h"
#include "flow/events.h"
#include "flow/inbox/inbox.h"
#include "flow/jobs.h"
#include "flow/mailbox.h"
#include "flow/mapping.h"
#include "flow/match.h"
#include "flow/merge/records.h"
#include "flow/oidc.h"
#include "flow/people.h"
#include "flow/preview.h"
#include "flow/proof_pages.h"
#include "flow/rules/rules.h"
#include "flow/scans.h"
#include "flow/second_factor.h"
#include "flow/self_test.h"
#include "flow/sign_in.h"
#include "flow/sign_up.h"
#include "flow/subject_answer.h"
#include "flow/support.h"
#include "flow/token.h"
#include "flow/traffic.h"
#include "flow/write.h"

struct api_field_error {
    struct str pointer, code, detail;
};
/* RFC 9457, with what every problem of ours carries besides. */
struct api_problem {
    struct str type, title;
    int64_t status;
    struct str detail, instance;
    struct json_list errors; /* struct api_field_error */
};

/* GET /healthz, /readyz. */
struct api_health {
    struct str status, version;
};

/* One row of GET /v1/errors. */
struct api_error_row {
    struct str slug, type;
    int64_t status;
    struct str title, sentence;
};

extern const struct json_shape api_problem_shape, api_field_error_shape, api_health_shape, api_error_row_shape;

#endif
