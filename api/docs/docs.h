/* What the documents are made from besides the routes. */
#ifndef API_DOCS_DOCS_H
#define API_DOCS_DOCS_H

#include "api/router.h"

struct api_example {
    const struct json_shape *shape;
    const char *text;
};
extern const struct api_example api_examples[];
extern const size_t api_example_count;

#endif
