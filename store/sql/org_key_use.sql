update orgs set key_version = $2 where org_id = $1 and key_version < $2;
