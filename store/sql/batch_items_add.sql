insert into batch_items (org_id, batch_id, contact_id, contact_version, record_id, fields, sampled)
select $1, $2, w.contact_id, w.version, w.record_id, w.fields, w.contact_id = any ($7::uuid[])
from unnest($3::uuid[], $4::bigint[], $5::uuid[], $6::text[]) as w (contact_id, version, record_id, fields);
