insert into match_pages (org_id, run, last_key, last_number, body)
select $1, $2, w.last_key, w.last_number, w.body
from unnest($3::bigint[], $4::bigint[], $5::bytea[]) as w (last_key, last_number, body);
