/* The files of web/, read once at the start: the application's page, its parts under an address that changes with
 * their content, and problem pages for people. */
#ifndef API_RESOURCES_PAGES_H
#define API_RESOURCES_PAGES_H

#include "api/state.h"

enum { API_ASSETS = 400, API_ASSET_BYTES = 4 * 1024 * 1024 };

/* Reads settings.web_dir; node_modules beside it only where an import map of index.html needs it. ERR_INTERNAL. */
int api_assets_load(struct api *api, struct err *err);
/* "/assets/HASH/name" when there is such a file, else absent. */
struct str api_asset_address(const struct api *api, const char *name, struct arena *arena);

/* Whether a person with a browser asked, so that a problem should be a page: HTML is accepted, not below /v1/. */
bool api_page_wanted(const struct api_request *request);
/* Of a page that is also given as JSON: which by what is accepted, HTML on a tie. ERR_NOT_ACCEPTABLE: neither. */
int api_page_or_json(const struct api_request *request, bool *ret_json, struct err *err);
/* Replaces the problem document by a page that says the same. A page that needs a sign-in leads there instead. */
void api_page_problem(const struct api *api, struct api_request *request, const struct err *err);
/* A path with the address to go on to behind it, encoded as one parameter: "/sign-in?next=/lists". */
struct str api_with_next(const char *path, struct str next, struct arena *arena);
/* Gives HTML with the headers of a page without script. */
void api_page_give_plain(const struct api *api, struct api_request *request, int status, struct str title,
                         struct str main);
/* The same, 200, with room for tables and fit for paper. */
void api_page_give_sheet(const struct api *api, struct api_request *request, struct str title, struct str main);

#endif
