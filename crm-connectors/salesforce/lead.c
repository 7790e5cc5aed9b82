/* Salesforce's leads: a connection of its own beside the one to the contacts. The company is a text and needed; a lead
 * that was converted is a contact's by then and no longer one. */
#include "crm-connectors/salesforce/parts.h"
#include "crm-connectors/salesforce/salesforce.h"

static const struct crm_map map_rows[] = {
    {"name_prefix", "Salutation"},
    {"given_name", "FirstName"},
    {"family_name", "LastName"},
    {"job_title", "Title"},
    {"organization", "Company"},
    {"emails", "Email"},
    {"phones", "Phone, MobilePhone, Fax"},
    {"urls", "Website"},
    {"addresses", "Address"},
};
static const struct crm_map_list map = {map_rows, ARRAY_LEN(map_rows)};

static const struct crm_slot slot_rows[] = {
    {"Salutation", CRM_SLOT_TEXT, "name_prefix", -1, 0},
    {"FirstName", CRM_SLOT_TEXT, "given_name", -1, 0},
    {"LastName", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"Title", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"Company", CRM_SLOT_TEXT, "organization", -1, 0},
    {"Email", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},
    {"Phone", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"MobilePhone", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"Fax", CRM_SLOT_VALUE, "phones", CONTACT_FAX, 0},
    {"Website", CRM_SLOT_VALUE, "urls", CONTACT_WORK, 0},
    {"Street", CRM_SLOT_STREET, NULL, -1, 0},
    {"PostalCode", CRM_SLOT_POSTAL_CODE, NULL, -1, 0},
    {"City", CRM_SLOT_CITY, NULL, -1, 0},
    {"State", CRM_SLOT_REGION, NULL, -1, 0},
    {"Country", CRM_SLOT_COUNTRY, NULL, -1, 0},
};
static const struct crm_slots slots = {slot_rows, ARRAY_LEN(slot_rows), "null", &map};

static const struct crm_vendor vendor = {
    .slots = &slots,
    .record = crm_salesforce_read,
    .fetch = crm_salesforce_fetch,
    .change = crm_salesforce_change,
    .make = crm_salesforce_make,
    .erase = crm_salesforce_erase,
};
static const struct crm_salesforce_object object = {"Lead", CRM_LEAD, &vendor, "Company", "IsConverted"};

CRM_RECORDS_OBJECT(leads, crm_salesforce, object, vendor)

CRM_RECORDS_WHO(leads, crm_salesforce)
CRM_RECORDS_RULES(leads, crm_salesforce)

const struct crm_connector crm_salesforce_lead = {
    .kind = "salesforce_lead",
    .name = "Salesforce Leads",
    .form = {crm_salesforce_form, CRM_SALESFORCE_FORM},
    .oauth = &crm_salesforce_oauth,
    .map = {map_rows, ARRAY_LEN(map_rows)},
    .slots = &slots,
    .object = "lead",
    .constants = true,
    .version = CRM_SALESFORCE_VERSION,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = true,
    .merge_most = 3,
    .test = leads_test,
    .who = leads_who,
    .rules = leads_rules,
    .find_exact = leads_find_exact,
    .search = leads_search,
    .get = leads_get,
    .fields = leads_fields,
    .rehearse = leads_rehearse,
    .find_marker = leads_find_marker,
    .create = leads_create,
    .update = leads_update,
    .remove = leads_remove,
    .changes = leads_changes,
};
