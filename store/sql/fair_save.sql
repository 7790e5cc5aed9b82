-- On what ground data were collected does not change once there are any.
update fairs f set name = $4, tag = $5, list_id = $6, legal_basis = $7, version = version + 1,
  closed_at = case when $8::boolean then coalesce(closed_at, now()) end
where f.org_id = $1 and f.id = $2 and f.version = $3 and (f.legal_basis = $7
  or not exists (select from scans s where s.org_id = $1 and s.fair_id = f.id) and not exists (select from contacts c where c.org_id = $1 and c.fair_id = f.id));
