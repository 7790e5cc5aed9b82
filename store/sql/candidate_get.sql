select c.id, c.contact_id, c.record_id, c.connection_id, c.weight, c.probability, c.band, c.reasons, c.decided, c.why,
  c.decided_by, c.decided_at
from candidates c
where c.org_id = $1 and c.id = $2;
