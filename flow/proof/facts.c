/* See facts.h. */
#include "flow/proof/facts.h"

#include "base/clock.h"
#include "crm-connectors/submission/submission.h"
#include "flow/egress/errand.h"

#include <fcntl.h>

bool flow_proof_drill_late(const struct proof_facts *facts, enum proof_drill_kind which)
{
    static const int days[PROOF_DRILLS] = {[PROOF_BACKUP] = PROOF_BACKUP_DAYS, [PROOF_RESTORE] = PROOF_RESTORE_DAYS};
    return days[which] && facts->now_ms - facts->drills[which].at > days[which] * FLOW_PROOF_DAY_MS;
}

void flow_proof_warn(struct proof_warned *all, enum flow_warning_kind kind, struct str subject)
{
    if (all->n == all->room) {
        struct proof_warning *more = arena_array(all->arena, all->room * 2 + 8, sizeof *more);
        if (all->n)
            memcpy(more, all->items, all->n * sizeof *more);
        all->items = more;
        all->room = all->room * 2 + 8;
    }
    all->items[all->n++] = (struct proof_warning){kind, flow_warning_rules[kind].level, subject};
}

/* What ends: nothing, a warning for a month, grave for a week and behind; a time that is none is grave. */
static void warn_of_end(struct proof_warned *all, enum flow_warning_kind kind, struct str subject, struct str end,
                        int64_t now_ms)
{
    int64_t at = clock_parse(end), left = at < 0 ? -1 : at - now_ms;
    if (left >= PROOF_SOON_DAYS * FLOW_PROOF_DAY_MS)
        return;
    flow_proof_warn(all, kind, subject);
    if (left < PROOF_GRAVE_DAYS * FLOW_PROOF_DAY_MS)
        all->items[all->n - 1].level = FLOW_WARNING_CRITICAL;
}

/* A drill that failed is grave; one that never ran, or too long ago, has a rule of its own. */
static void warn_of_drills(struct proof_warned *all, const struct proof_facts *facts)
{
    static const enum flow_warning_kind rules[PROOF_DRILLS] = {
        [PROOF_BACKUP] = FLOW_WARN_BACKUP, [PROOF_RESTORE] = FLOW_WARN_RESTORE, [PROOF_CANARY] = FLOW_WARN_CANARY};
    for (size_t i = 0; i < PROOF_DRILLS; i++) {
        if (facts->ran[i] && !facts->drills[i].passed)
            flow_proof_warn(all, FLOW_WARN_FAILED, str_c(store_drill_words[i]));
        else if (!facts->ran[i] || flow_proof_drill_late(facts, (enum proof_drill_kind)i))
            flow_proof_warn(all, rules[i], STR_NONE);
    }
}

void flow_proof_warn_of(struct proof_warned *all, const struct proof_facts *facts)
{
    struct str private = str_trim(facts->private);
    if (str_empty(facts->contact))
        flow_proof_warn(all, FLOW_WARN_CONTACT, STR_NONE);
    else
        warn_of_end(all, FLOW_WARN_EXPIRES, facts->expires, facts->expires, facts->now_ms);
    if (!str_empty(facts->ends))
        warn_of_end(all, FLOW_WARN_CERTIFICATE, facts->ends, facts->ends, facts->now_ms);
    if (!str_empty(private))
        flow_proof_warn(all, FLOW_WARN_PRIVATE, private);
    if (!str_empty(facts->clear))
        flow_proof_warn(all, FLOW_WARN_CLEAR, facts->clear);
    if ((!str_empty(private) || !str_empty(facts->clear)) && str_empty(str_trim(facts->reason)))
        flow_proof_warn(all, FLOW_WARN_UNREASONED, STR_NONE);
    if (str_eq_nocase(facts->smtp, STR("smtp.office365.com")))
        flow_proof_warn(all, FLOW_WARN_PASSWORD, facts->smtp);
    warn_of_drills(all, facts);
}

/* The first line of a small file, absent when it cannot be read. */
static struct str line_of(const char *path, struct arena *arena)
{
    char text[64];
    _cleanup_(cleanup_close) int fd = path && *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    return n <= 0 ? STR_NONE : str_dup(arena, str_trim((struct str){text, (size_t)n}));
}

int flow_proof_facts_read(const struct flow *flow, const struct flow_posture *posture, struct arena *arena,
                          struct proof_facts *ret_facts, struct err *err)
{
    struct proof_facts facts = {.contact = str_c(posture->security_contact),
                                .expires = str_c(posture->security_expires),
                                .ends = line_of(posture->certificate_ends_file, arena),
                                .private = str_c(flow_egress_allow(flow)),
                                .clear = str_c(posture->redirect_listen),
                                .reason = str_c(posture->lowered_reason),
                                .program = str_c(posture->program),
                                .now_ms = clock_now_ms()};
    if (flow->mail && flow->mail->password.p)
        facts.smtp = flow->mail->at.host;
    for (size_t i = 0; i < PROOF_DRILLS; i++)
        if (store_drill_last(flow->store, store_drill_words[i], arena, &facts.drills[i], &facts.ran[i], err) < 0)
            return -1;
    *ret_facts = facts;
    return 0;
}
