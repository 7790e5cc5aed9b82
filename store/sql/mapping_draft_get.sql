select 0::bigint, doc, fields, user_id, updated_at, connection_id from mapping_drafts where org_id = $1 and connection_id = $2;
