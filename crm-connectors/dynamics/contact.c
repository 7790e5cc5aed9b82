/* Dataverse's contacts. The employer is a record of its own (account): read, linked when exactly one active one has the
 * name or a person chose one, made when a person says so. */
#include "crm-connectors/dynamics/dynamics.h"
#include "crm-connectors/dynamics/parts.h"

static const struct crm_map map_rows[] = {
    {"name_prefix", "salutation"},
    {"given_name", "firstname"},
    {"family_name", "lastname"},
    {"name_suffix", "suffix"},
    {"job_title", "jobtitle"},
    {"department", "department"},
    {"organization", "parentcustomerid"},
    {"emails", "emailaddress1, emailaddress2, emailaddress3", true},
    {"phones", "telephone1, mobilephone, telephone2, fax"},
    {"urls", "websiteurl"},
    {"addresses", "address1"},
};
static const struct crm_map_list map = {map_rows, ARRAY_LEN(map_rows)};

static const struct crm_slot slot_rows[] = {
    {"salutation", CRM_SLOT_TEXT, "name_prefix", -1, 0},
    {"firstname", CRM_SLOT_TEXT, "given_name", -1, 0},
    {"lastname", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"suffix", CRM_SLOT_TEXT, "name_suffix", -1, 0},
    {"jobtitle", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"department", CRM_SLOT_TEXT, "department", -1, 0},
    {"emailaddress1", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},
    {"emailaddress2", CRM_SLOT_VALUE, "emails", -1, 0},
    {"emailaddress3", CRM_SLOT_VALUE, "emails", -1, 0},
    {"telephone1", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"mobilephone", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"telephone2", CRM_SLOT_VALUE, "phones", CONTACT_HOME, 0},
    {"fax", CRM_SLOT_VALUE, "phones", CONTACT_FAX, 0},
    {"websiteurl", CRM_SLOT_VALUE, "urls", CONTACT_WORK, 0},
    {"address1_line1", CRM_SLOT_STREET, NULL, -1, 0},
    {"address1_postalcode", CRM_SLOT_POSTAL_CODE, NULL, -1, 0},
    {"address1_city", CRM_SLOT_CITY, NULL, -1, 0},
    {"address1_stateorprovince", CRM_SLOT_REGION, NULL, -1, 0},
    {"address1_country", CRM_SLOT_COUNTRY, NULL, -1, 0},
};
static const struct crm_slots slots = {slot_rows, ARRAY_LEN(slot_rows), "null", &map};

static int accounts(const struct crm_rest *rest, struct str name, bool exact, struct json_list *ret_companies,
                    struct crm_result *ret, struct err *err)
{
    static const char *const members[3] = {"accountid", "name", "address1_city"};
    struct strbuf path = {.arena = rest->arena}, filter = {.arena = rest->arena};
    strbuf_add_c(&filter, exact ? "statecode eq 0 and name eq " : "statecode eq 0 and contains(name,");
    crm_odata_literal(&filter, exact ? name : crm_dynamics_plain_pattern(name, rest->arena));
    strbuf_add_c(&filter, exact ? "" : ")");
    strbuf_printf(&path, "/accounts?$select=accountid,name,address1_city&$orderby=name&$top=%d", CRM_COMPANIES_MAX);
    crm_odata_option(&path, "$filter", strbuf_str(&filter));
    return crm_odata_companies(rest, strbuf_str(&path), members, ret_companies, ret, err);
}

static int make_account(const struct crm_rest *rest, struct str marker, struct str name, struct str *ret_id,
                        struct crm_result *ret, struct err *err)
{
    const struct crm_dynamics_new new = {"accounts", "accountid", marker,
                                         crm_records_member("name", name, rest->arena)};
    return crm_dynamics_post(rest, &new, ret_id, ret, err);
}
static const struct crm_link employer = {
    "parentcustomerid_account@odata.bind", "/accounts(", ")", false, accounts, make_account};

static const struct crm_vendor vendor = {
    .slots = &slots,
    .record = crm_dynamics_read,
    .fetch = crm_dynamics_fetch,
    .change = crm_dynamics_change,
    .make = crm_dynamics_make,
    .erase = crm_dynamics_erase,
    .merge = crm_dynamics_merge,
    .employer = &employer,
};
static const struct crm_dynamics_table table = {"contact",  "contacts", "contactid",
                                                CRM_PERSON, &vendor,    "parentcustomerid_account/name"};

CRM_RECORDS_OBJECT(contacts, crm_dynamics, table, vendor)
CRM_RECORDS_MERGE(contacts, contacts_open, vendor)
CRM_RECORDS_COMPANIES(contacts, contacts_open, vendor)
CRM_RECORDS_MAKE_COMPANY(contacts, contacts_open, vendor)

CRM_RECORDS_WHO(contacts, crm_dynamics)
CRM_RECORDS_RULES(contacts, crm_dynamics)

const struct crm_connector crm_dynamics = {
    .kind = "dynamics",
    .api = "{url}",
    .name = "Microsoft Dynamics 365",
    .form = {crm_dynamics_form, CRM_DYNAMICS_FORM},
    .oauth = &crm_dynamics_oauth,
    .map = {map_rows, ARRAY_LEN(map_rows)},
    .slots = &slots,
    .company = "parentcustomerid",
    .constants = true,
    .version = CRM_DYNAMICS_VERSION,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = true,
    .merge_most = 2,
    .test = contacts_test,
    .who = contacts_who,
    .rules = contacts_rules,
    .find_exact = contacts_find_exact,
    .search = contacts_search,
    .companies = contacts_companies,
    .make_company = contacts_make_company,
    .get = contacts_get,
    .fields = contacts_fields,
    .rehearse = contacts_rehearse,
    .find_marker = contacts_find_marker,
    .create = contacts_create,
    .update = contacts_update,
    .remove = contacts_remove,
    .changes = contacts_changes,
    .merge = contacts_merge,
};
