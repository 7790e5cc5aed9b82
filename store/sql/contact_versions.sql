select version, saved_at, saved_by, contact, id from contact_versions where org_id = $1 and contact_id = $2
order by version desc limit 200;
