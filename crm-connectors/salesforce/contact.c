/* Salesforce's contacts. The employer is a record of its own (Account): read, linked when exactly one has the name or a
 * person chose one, made when a person says so. */
#include "crm-connectors/salesforce/parts.h"
#include "crm-connectors/salesforce/salesforce.h"

static const struct crm_map map_rows[] = {
    {"name_prefix", "Salutation"},
    {"given_name", "FirstName"},
    {"family_name", "LastName"},
    {"job_title", "Title"},
    {"department", "Department"},
    {"organization", "Account.Name"},
    {"emails", "Email"},
    {"phones", "Phone, MobilePhone, HomePhone, OtherPhone, Fax"},
    {"addresses", "Mailing address"},
};
static const struct crm_map_list map = {map_rows, ARRAY_LEN(map_rows)};

static const struct crm_slot slot_rows[] = {
    {"Salutation", CRM_SLOT_TEXT, "name_prefix", -1, 0},
    {"FirstName", CRM_SLOT_TEXT, "given_name", -1, 0},
    {"LastName", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"Title", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"Department", CRM_SLOT_TEXT, "department", -1, 0},
    {"Email", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},
    {"Phone", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"MobilePhone", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"HomePhone", CRM_SLOT_VALUE, "phones", CONTACT_HOME, 0},
    {"OtherPhone", CRM_SLOT_VALUE, "phones", CONTACT_OTHER, 0},
    {"Fax", CRM_SLOT_VALUE, "phones", CONTACT_FAX, 0},
    {"MailingStreet", CRM_SLOT_STREET, NULL, -1, 0},
    {"MailingPostalCode", CRM_SLOT_POSTAL_CODE, NULL, -1, 0},
    {"MailingCity", CRM_SLOT_CITY, NULL, -1, 0},
    {"MailingState", CRM_SLOT_REGION, NULL, -1, 0},
    {"MailingCountry", CRM_SLOT_COUNTRY, NULL, -1, 0},
};
static const struct crm_slots slots = {slot_rows, ARRAY_LEN(slot_rows), "null", &map};

static int accounts(const struct crm_rest *rest, struct str name, bool exact, struct json_list *ret_companies,
                    struct crm_result *ret, struct err *err)
{
    static const char *const members[3] = {"Id", "Name", "BillingCity"};
    struct strbuf soql = {.arena = rest->arena};
    struct str list;
    strbuf_printf(&soql, "SELECT Id,Name,BillingCity FROM Account WHERE Name%s", exact ? "='" : " LIKE '%");
    crm_soql_literal(&soql, name, !exact);
    strbuf_printf(&soql, "%s' ORDER BY Name LIMIT %d", exact ? "" : "%", CRM_COMPANIES_MAX);
    int r = crm_soql_query(rest, "query", strbuf_str(&soql), &list, ret, err);
    return r < 1 ? r : crm_records_read_companies(rest, list, members, ret_companies, ret);
}

/* Accounts have no field for a marker: a lost one is found by its name. */
static int make_account(const struct crm_rest *rest, struct str marker _unused_, struct str name, struct str *ret_id,
                        struct crm_result *ret, struct err *err)
{
    struct str member = crm_records_member("Name", name, rest->arena);
    struct str body = str_printf(rest->arena, "{%.*s}", STR_ARG(member));
    return crm_salesforce_post(rest, STR("/sobjects/Account"), body, ret_id, ret, err);
}
static const struct crm_link employer = {"AccountId", "", "", false, accounts, make_account};

static const struct crm_vendor vendor = {
    .slots = &slots,
    .record = crm_salesforce_read,
    .fetch = crm_salesforce_fetch,
    .change = crm_salesforce_change,
    .make = crm_salesforce_make,
    .erase = crm_salesforce_erase,
    .employer = &employer,
};
static const struct crm_salesforce_object object = {"Contact", CRM_PERSON, &vendor, "Account.Name", NULL};

CRM_RECORDS_OBJECT(contacts, crm_salesforce, object, vendor)
CRM_RECORDS_COMPANIES(contacts, contacts_open, vendor)
CRM_RECORDS_MAKE_COMPANY(contacts, contacts_open, vendor)

CRM_RECORDS_WHO(contacts, crm_salesforce)
CRM_RECORDS_RULES(contacts, crm_salesforce)

const struct crm_connector crm_salesforce = {
    .kind = "salesforce",
    .name = "Salesforce",
    .form = {crm_salesforce_form, CRM_SALESFORCE_FORM},
    .oauth = &crm_salesforce_oauth,
    .map = {map_rows, ARRAY_LEN(map_rows)},
    .slots = &slots,
    .company = "Account.Name",
    .constants = true,
    .version = CRM_SALESFORCE_VERSION,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = true,
    .merge_most = 3,
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
};
