update mailboxes set list_id = $4, excluded = $5, version = version + 1
where org_id = $1 and id = $2 and version = $3;
