insert into subject_requests (org_id, id, number, kind, subject, reference, user_id)
select $1, $2, 1 + coalesce((select max(r.number) from subject_requests r where r.org_id = $1), 0), $3, $4, $5, $6;
