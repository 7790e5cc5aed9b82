insert into match_keys (org_id, kind, key, subject_id)
select $1, $2, k, $3 from (select distinct unnest($4::bigint[])) as d (k);
