-- The 500 latest stay; who is erased meanwhile (the connection) is not called any more.
with kept as (
  insert into connection_work (org_id, connection_id, work, subject_id, problem, requests, total_ms, slowest_ms)
  select $1, c.id, $3, $4, $5, $6, $7, $8 from connections c where c.org_id = $1 and c.id = $2
)
delete from connection_work w where w.org_id = $1 and w.connection_id = $2 and w.id <= (
  select l.id from connection_work l where l.org_id = $1 and l.connection_id = $2 order by l.id desc offset 499 limit 1);
