select l.id, l.owner_id, l.name, l.version, l.created_at,
  (select count(*) from contacts c where c.org_id = $1 and c.list_id = l.id and c.deleted_at is null)
from lists l where l.org_id = $1 and l.id = $2;
