/* Dataverse's leads: a connection of its own beside the one to the contacts. The company is a text; a lead that was
 * qualified or disqualified is no longer one. Its topic (subject) is a fixed value of the mapping, where a form wants
 * it. */
#include "crm-connectors/dynamics/dynamics.h"
#include "crm-connectors/dynamics/parts.h"

static const struct crm_map map_rows[] = {
    {"name_prefix", "salutation"},
    {"given_name", "firstname"},
    {"family_name", "lastname"},
    {"job_title", "jobtitle"},
    {"organization", "companyname"},
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
    {"jobtitle", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"companyname", CRM_SLOT_TEXT, "organization", -1, 0},
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

static const struct crm_vendor vendor = {
    .slots = &slots,
    .record = crm_dynamics_read,
    .fetch = crm_dynamics_fetch,
    .change = crm_dynamics_change,
    .make = crm_dynamics_make,
    .erase = crm_dynamics_erase,
    .merge = crm_dynamics_merge,
};
static const struct crm_dynamics_table table = {"lead", "leads", "leadid", CRM_LEAD, &vendor, "companyname"};

CRM_RECORDS_OBJECT(leads, crm_dynamics, table, vendor)
CRM_RECORDS_MERGE(leads, leads_open, vendor)

CRM_RECORDS_WHO(leads, crm_dynamics)
CRM_RECORDS_RULES(leads, crm_dynamics)

const struct crm_connector crm_dynamics_lead = {
    .kind = "dynamics_lead",
    .api = "{url}",
    .name = "Microsoft Dynamics 365 Leads",
    .form = {crm_dynamics_form, CRM_DYNAMICS_FORM},
    .oauth = &crm_dynamics_oauth,
    .map = {map_rows, ARRAY_LEN(map_rows)},
    .slots = &slots,
    .object = "lead",
    .constants = true,
    .version = CRM_DYNAMICS_VERSION,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = true,
    .merge_most = 2,
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
    .merge = leads_merge,
};
