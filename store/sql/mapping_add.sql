insert into mappings (org_id, connection_id, version, doc, fields, user_id, id)
select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 from mappings where org_id = $1 and connection_id = $2
returning version;
