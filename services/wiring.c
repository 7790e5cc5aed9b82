/* See wiring.h. */
#include "services/wiring.h"

#include "services/settings.h"

/* "a:1, b:2" as people write it -> "a:1 b:2" as the way out reads it. */
static const char *blank_separated(struct arena *arena, const char *list)
{
    char *text = str_z(arena, str_c(list));
    for (char *p = text; *p; p++)
        if (*p == ',')
            *p = ' ';
    return text;
}

int wiring_open(struct wiring *wiring, struct arena *arena, struct err *err)
{
    int64_t connections;
    const char *ca_file = settings_get("KARTEI_CA_FILE");
    *wiring = (struct wiring){.arena = arena};
    if (settings_int("KARTEI_DATABASE_CONNECTIONS", 1, 64, &connections, err) < 0)
        return -1;
    struct store_settings store = {
        .conninfo = settings_database(arena),
        .master_key = settings_master_key_file(arena),
        .blob_dir = settings_var_path(arena, "blobs"),
        .audit_dir = settings_var_path(arena, "audit"),
        .connections = (int)connections,
    };
    if (store_open(&store, &wiring->store, err) < 0)
        return -1;
    wiring->egress = (struct crm_http_options){
        .allow_private = blank_separated(arena, settings_get("KARTEI_EGRESS_ALLOW_PRIVATE")),
        .ca_file = *ca_file ? ca_file : NULL,
    };
    wiring->flow = (struct flow){.store = wiring->store,
                                 .egress = &wiring->egress,
                                 .public_url = settings_get("KARTEI_PUBLIC_URL"),
                                 .notification_url = settings_get("KARTEI_NOTIFICATION_URL"),
                                 .default_region = settings_get("KARTEI_REGION")};
    return 0;
}

void wiring_close(struct wiring *wiring)
{
    store_close(wiring->store);
    wiring->store = NULL;
}
