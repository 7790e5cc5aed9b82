select version from mailboxes where org_id = $1 and id = $2;
