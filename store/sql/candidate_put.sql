insert into candidates as c (org_id, id, contact_id, record_id, connection_id, weight, probability, band, reasons, moved, speaks_for,
  conflicts, additions)
select $1, $2, $3, r.id, r.connection_id, $5, $6, $7, $8, $9, $10, $11, $12 from records r where r.org_id = $1 and r.id = $4
on conflict (org_id, contact_id, record_id) do update set weight = $5, probability = $6, band = $7, reasons = $8, moved = $9,
  speaks_for = $10, conflicts = $11, additions = $12;
