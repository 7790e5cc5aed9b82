delete from identity_providers where org_id = $1 and id = $2 and version = $3;
