select version, doc, fields, user_id, created_at, id from mappings where org_id = $1 and connection_id = $2 and version = $3;
