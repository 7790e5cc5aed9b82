-- Contacts in the bin keep their keys, so that they are there again when they come back.
select m.subject_id, m.shared from guard_match_meet($1, 1::smallint, $2::bigint[], $3::int, $4::int) with ordinality as m (subject_id, shared, n)
where (select c.deleted_at is null from contacts c where c.org_id = $1 and c.id = m.subject_id)
order by m.n;
