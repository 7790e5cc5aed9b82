select f.id, f.name, f.tag, f.list_id, f.legal_basis, f.created_by, f.version, f.created_at, f.closed_at,
  (select count(*) from contacts c where c.org_id = $1 and c.fair_id = f.id and c.deleted_at is null)
from fairs f where f.org_id = $1 and f.id = $2;
