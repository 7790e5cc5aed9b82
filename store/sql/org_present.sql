select org_id from orgs where org_id = $1 and erased_at is null;
