update orgs set name = $2 where org_id = $1;
