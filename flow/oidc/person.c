/* Whose session a provider's word may open; see oidc.h and docs/adr/0019. An identity that is known is its user's. A
 * new one may join a user only through an address that the provider may be believed about, of a domain that an
 * administrator has put on the provider's list; nothing else of the token counts. */
#include "contact/email.h"
#include "flow/common.h"
#include "flow/oidc/oidc.h"
#include "flow/sign_in/method.h"
#include "store/oidc/identity.h"
#include "store/people.h"

enum { NAME_MAX_BYTES = 200 };

/* One person at the door. */
struct person {
    struct flow_oidc *oidc;
    const struct flow_asker *asker;
    const struct crm_identity *identity;
    struct flow_actor actor; /* of the organisation, nobody yet */
    struct store_tx *tx;
    struct id user;
};

static int refuse(const struct person *person, struct err *err, const char *en, const char *de)
{
    return err_set(err, ERR_SSO, "%s", flow_say(&person->actor, en, de));
}

static bool on_list(const struct json_list *domains, struct str email, struct arena *arena)
{
    size_t at = email.n;
    while (at > 0 && email.p[at - 1] != '@')
        at--;
    struct str domain = str_lower(arena, str_slice(email, at, email.n));
    for (size_t i = 0; at > 0 && i < domains->n; i++)
        if (str_eq(domain, ((const struct str *)domains->items)[i]))
            return true;
    return false;
}

/* The address by which somebody new may be known, or absent. */
static struct str address_of(const struct person *person)
{
    struct flow_oidc *oidc = person->oidc;
    struct contact_email email;
    bool believed = crm_oidc_mail_fine(oidc->kind, person->identity, oidc->arena) ||
                    (oidc->settings.vouches && !flow_oidc_shared(oidc->kind, oidc->place.issuer));
    if (!believed || str_empty(person->identity->email) ||
        !contact_email_parse(str_trim(person->identity->email), oidc->arena, &email) ||
        !on_list(&oidc->settings.domains, email.address, oidc->arena))
        return STR_NONE;
    return email.address;
}

static int make_user(struct person *person, struct str address, struct err *err)
{
    struct str name = str_trim(person->identity->name);
    struct store_user user = {.email = address,
                              .name = str_empty(name) || name.n > NAME_MAX_BYTES ? address : name,
                              .language = str_eq(str_c(person->asker->language), STR("en")) ? STR("en") : STR("de"),
                              .theme = STR("system"),
                              .role = STR("user"),
                              .state = STR("active")};
    struct flow_deed deed = {.action = "user.create", .kind = "user", .subject = &person->user, .note = "oidc"};
    if (store_user_add(person->tx, &user, &person->user, err) < 0)
        return -1;
    flow_tell(person->tx, &person->actor, &deed);
    return 0;
}

/* Somebody new: the user with the address, or a fresh one where the organisation allows it. */
static int join(struct person *person, const struct store_identity *known, struct err *err)
{
    struct str address = address_of(person);
    struct flow_deed deed = {.action = "user.identity", .kind = "user", .subject = &person->user, .note = "oidc"};
    bool active = true;
    if (!address.p)
        return refuse(person, err,
                      "nobody here is known by this account, and the provider does not vouch for an address of your "
                      "organisation",
                      "dieses Konto ist hier niemandem zugeordnet, und der Anbieter bürgt für keine Adresse Ihrer "
                      "Organisation");
    if (store_user_by_email(person->tx, address, person->oidc->arena, &person->user, &active, err) < 0) {
        if (err->code != ERR_NOT_FOUND)
            return -1;
        if (!person->oidc->settings.sign_up)
            return refuse(person, err, "there is no user with this address; ask your administrator",
                          "es gibt keinen Benutzer mit dieser Adresse; fragen Sie Ihren Administrator");
        if (make_user(person, address, err) < 0)
            return -1;
    }
    if (!active)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    if (store_identity_add(person->tx, known, &person->oidc->row.id, &person->user, err) < 0)
        return -1;
    flow_tell(person->tx, &person->actor, &deed);
    return 0;
}

/* What the token does not say of somebody new, the provider is asked. */
static int ask_more(const struct person *person, const struct flow_oidc_whom *whom, struct err *err)
{
    struct flow_oidc *oidc = person->oidc;
    struct err why;
    if (whom->identity->email.p || !oidc->place.userinfo.p ||
        crm_oidc_ask_userinfo(oidc->http, oidc->place.userinfo, *whom->access, oidc->arena, whom->identity, &why) == 0)
        return 0;
    (void)refuse(person, err, "the provider does not say who you are", "der Anbieter sagt nicht, wer Sie sind");
    return err_detail(err, "userinfo: %s", why.param);
}

int flow_oidc_person(struct flow_oidc *oidc, const struct flow_asker *asker, const struct flow_oidc_whom *whom,
                     struct id *ret_user, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_identity known = {whom->identity->issuer, whom->identity->subject};
    struct person person = {
        .oidc = oidc, .asker = asker, .identity = whom->identity, .actor = flow_asker_as(asker, whom->org, NULL)};
    if (flow_begin(oidc->flow, &person.actor, &tx, err) < 0)
        return -1;
    if (store_identity_use(tx, &known, &person.user, err) < 0) {
        if (err->code != ERR_NOT_FOUND || store_commit(&tx, err) < 0 || ask_more(&person, whom, err) < 0 ||
            flow_begin(oidc->flow, &person.actor, &tx, err) < 0)
            return -1;
        person.tx = tx;
        if (join(&person, &known, err) < 0)
            return -1;
    }
    *ret_user = person.user;
    return store_commit(&tx, err);
}
