select fields, checked_at from connection_fields where org_id = $1 and connection_id = $2;
