update candidates c set decided = null, why = null, decided_by = null, decided_at = null
from candidates d
where d.org_id = $1 and d.id = $2 and c.org_id = $1 and c.contact_id = d.contact_id
  and c.connection_id = d.connection_id and c.id <> d.id and c.decided = 'same';
