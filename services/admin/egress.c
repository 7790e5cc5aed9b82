/* `kartei admin egress`: whom the instance may contact, for a firewall in front of it; the rows that are enforced. */
#include "flow/egress/list.h"
#include "flow/people.h"
#include "services/admin/admin.h"

enum { RESOLVE_MS = 5000 };

/* One host and port, whoever may contact it and what for. */
struct hosts {
    struct flow_egress_entry *items;
    size_t n, room;
};

static void add(struct hosts *hosts, const struct flow_egress_entry *entry, struct arena *arena)
{
    for (size_t i = 0; i < hosts->n; i++)
        if (str_eq(hosts->items[i].host, entry->host) && hosts->items[i].port == entry->port &&
            hosts->items[i].purpose == entry->purpose)
            return;
    if (hosts->n == hosts->room) {
        size_t room = hosts->room * 2 + 16;
        struct flow_egress_entry *more = arena_array(arena, room, sizeof *more);
        if (hosts->n)
            memcpy(more, hosts->items, hosts->n * sizeof *more);
        hosts->items = more;
        hosts->room = room;
    }
    hosts->items[hosts->n] = *entry;
    hosts->items[hosts->n++].name = STR_NONE; /* how an organisation calls it is its own affair */
}

static int add_org(struct admin *admin, struct id org, struct hosts *hosts, struct err *err)
{
    const struct flow_actor actor = {.org = org, .role = FLOW_SYSTEM, .any = true, .language = "en"};
    struct flow_list list;
    if (flow_egress_list(admin->flow, &actor, admin->arena, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.items.n; i++)
        add(hosts, (const struct flow_egress_entry *)list.items.items + i, admin->arena);
    return 0;
}

static int gather(struct admin *admin, struct hosts *hosts, struct err *err)
{
    struct flow_actor actor;
    struct flow_list orgs;
    if (!str_empty(admin->options.org))
        return admin_actor(admin, &actor, err) < 0 ? -1 : add_org(admin, actor.org, hosts, err);
    struct json_list own = flow_egress_own(admin->flow, admin->arena);
    for (size_t i = 0; i < own.n; i++) {
        struct flow_egress_entry entry = flow_egress_entry_of((const struct flow_egress_row *)own.items + i);
        add(hosts, &entry, admin->arena);
    }
    if (flow_org_list(admin->flow, admin->arena, &orgs, err) < 0)
        return -1;
    for (size_t i = 0; i < orgs.items.n; i++) {
        struct id org;
        if (id_parse(((const struct flow_org *)orgs.items.items)[i].id, &org) && add_org(admin, org, hosts, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- nftables ---- */

static void element(const struct crm_address *at, int64_t port, struct str host, struct strbuf sets[2],
                    struct arena *arena)
{
    struct strbuf *set = &sets[at->family == 6];
    struct str text = crm_egress_text(at, arena);
    strbuf_printf(set, "      %.*s . %lld, # %.*s\n", STR_ARG(text), (long long)port, STR_ARG(host));
}

/* The addresses that the names have now; a name that nobody knows is said so and opens nothing. */
static void elements(const struct hosts *hosts, struct strbuf sets[2], struct arena *arena)
{
    for (size_t i = 0; i < hosts->n; i++) {
        struct crm_address found[CRM_ADDRESSES];
        struct str host = hosts->items[i].host;
        int n =
            crm_egress_literal(host, &found[0]) ? 1 : crm_egress_resolve(NULL, str_z(arena, host), RESOLVE_MS, found);
        if (n <= 0)
            strbuf_printf(&sets[0], "      # %.*s: no address at present\n", STR_ARG(host));
        for (int k = 0; k < n; k++)
            element(&found[k], hosts->items[i].port, host, sets, arena);
    }
}

static void print_nft(const struct hosts *hosts, struct arena *arena)
{
    struct strbuf sets[2] = {{.arena = arena}, {.arena = arena}};
    static const char *const names[] = {"v4", "v6"}, *const types[] = {"ipv4_addr", "ipv6_addr"};
    elements(hosts, sets, arena);
    (void)puts("# kartei admin egress --nft | nft -f -      again by a timer: names change their addresses\n"
               "table inet kartei_egress\ndelete table inet kartei_egress\ntable inet kartei_egress {");
    for (int i = 0; i < 2; i++) {
        struct str all = strbuf_str(&sets[i]);
        bool some = str_find(all, STR(" . "), 0) >= 0;
        (void)printf("  set %s {\n    type %s . inet_service\n", names[i], types[i]);
        if (some)
            (void)printf("    elements = {\n%.*s    }\n", STR_ARG(all));
        (void)puts("  }");
    }
    (void)puts("  chain output {\n    type filter hook output priority filter; policy accept;\n"
               "    meta skuid != \"kartei\" accept\n    oifname \"lo\" accept\n"
               "    ct state established,related accept\n    meta l4proto { tcp, udp } th dport 53 accept\n"
               "    ip daddr . tcp dport @v4 accept\n    ip6 daddr . tcp dport @v6 accept\n    counter reject\n  }\n}");
}

int admin_egress(struct admin *admin, struct err *err)
{
    struct hosts hosts = {.n = 0};
    if (gather(admin, &hosts, err) < 0)
        return -1;
    if (admin->options.nft) {
        print_nft(&hosts, admin->arena);
        return 0;
    }
    for (size_t i = 0; i < hosts.n; i++) {
        const struct flow_egress_entry *entry = &hosts.items[i];
        if (admin->options.json)
            admin_print(json_write(&flow_egress_entry_shape, entry, admin->arena));
        else
            (void)printf("out tcp %.*s %lld  %s %.*s\n", STR_ARG(entry->host), (long long)entry->port,
                         crm_reach_words[entry->purpose], STR_ARG(entry->kind));
    }
    return 0;
}
