/* See steps.h. */
#include "flow/crm/steps.h"

#include "flow/common.h"

void flow_mail_say(struct err *err)
{
    if (err->code == ERR_CRM_REAUTHORISE)
        err->code = ERR_MAIL_SIGN_IN;
    else if (err->code == ERR_CRM_DOWN || err->code == ERR_CRM_REFUSED || err->code == ERR_CRM_QUOTA ||
             err->code == ERR_CRM_UNCERTAIN)
        err->code = ERR_MAIL_DOWN;
}

/* How far a test came: each step needs the ones before it. */
enum reached { REACHED_NOTHING, REACHED_ADDRESS, REACHED_SERVER, REACHED_ACCOUNT, REACHED_ALL };

static enum reached test_reached(const struct err *failure)
{
    switch ((int)failure->code) {
    case ERR_NONE:
        return REACHED_ALL;
    case ERR_INVALID:
    case ERR_HOST_REFUSED:
        return REACHED_NOTHING;
    case ERR_CRM_REAUTHORISE:
        return REACHED_SERVER;
    case ERR_CRM_REFUSED:
        return REACHED_ACCOUNT;
    default:
        return REACHED_ADDRESS;
    }
}

struct json_list flow_test_steps(const struct flow_actor *actor, const struct err *failure, bool mail,
                                 struct arena *arena)
{
    static const struct {
        enum reached needs;
        const char *name, *en, *de;
    } rows[] = {
        {REACHED_ADDRESS, "address", "The address may be contacted.", "Die Adresse darf angesprochen werden."},
        {REACHED_SERVER, "reach", "The server answers.", "Der Server antwortet."},
        {REACHED_ACCOUNT, "sign-in", "The credentials are accepted.", "Die Zugangsdaten werden angenommen."},
        {REACHED_ALL, "read", "Contacts can be read.", "Kontakte lassen sich lesen."},
        {REACHED_ALL, "read", "New mail can be looked at.", "Neue Mails lassen sich ansehen."},
    };
    enum { STEPS = ARRAY_LEN(rows) - 1 };
    enum reached reached = test_reached(failure);
    struct err said = *failure;
    if (mail)
        flow_mail_say(&said);
    struct flow_test_step *steps = arena_array(arena, STEPS, sizeof *steps);
    size_t n = 0;
    for (size_t i = 0; i < STEPS; i++) {
        size_t row = mail && i + 1 == STEPS ? STEPS : i;
        bool ok = reached >= rows[row].needs;
        steps[n++] = (struct flow_test_step){.name = str_c(rows[row].name),
                                             .ok = ok,
                                             .sentence = ok ? str_c(flow_say(actor, rows[row].en, rows[row].de))
                                                            : err_sentence(&said, actor->language, arena)};
        if (!ok)
            break;
    }
    return (struct json_list){steps, n};
}
