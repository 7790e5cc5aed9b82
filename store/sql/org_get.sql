select name from orgs where org_id = $1;
