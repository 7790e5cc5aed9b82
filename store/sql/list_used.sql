select exists (select from contacts where org_id = $1 and list_id = $2)
  or exists (select from scans where org_id = $1 and list_id = $2)
  or exists (select from fairs where org_id = $1 and list_id = $2);
