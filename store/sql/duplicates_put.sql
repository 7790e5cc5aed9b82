-- A decided pair keeps its decision. Records that are gone meanwhile are left out.
insert into duplicate_pairs as d (org_id, id, left_id, right_id, group_id, weight, probability, band, reasons)
select $1, w.id, w.left_id, w.right_id, w.group_id, w.weight::double precision, w.probability::double precision, w.band, w.reasons
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::bytea[])
    as w (id, left_id, right_id, group_id, weight, probability, band, reasons)
  join records l on l.org_id = $1 and l.id = w.left_id and l.deleted_at is null
  join records r on r.org_id = $1 and r.id = w.right_id and r.deleted_at is null
on conflict (org_id, left_id, right_id) do update
set group_id = excluded.group_id, weight = excluded.weight, probability = excluded.probability, band = excluded.band,
  reasons = excluded.reasons;
