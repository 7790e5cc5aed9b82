select c.id, c.contact_id, c.record_id, c.connection_id, c.weight, c.probability, c.band, c.reasons, c.decided, c.why,
  c.decided_by, c.decided_at
from candidates c join records r on r.org_id = c.org_id and r.id = c.record_id and r.deleted_at is null
where c.org_id = $1 and c.contact_id = $2 order by c.weight desc, c.id limit 200;
