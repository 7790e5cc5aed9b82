insert into matching_rules (org_id, id, number, state, origin, policy, lesson, author_id)
select $1, $2, coalesce(max(r.number), 0) + 1, 'draft', $3, $4, $5, $6 from matching_rules r where r.org_id = $1;
