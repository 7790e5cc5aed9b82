-- $4: how far it came; $5: it is complete. Rules that were changed or activated meanwhile are left alone.
update matching_rules set simulation = $4, simulated_at = case when $5::boolean then now() else simulated_at end,
  state = case when $5::boolean and state = 'draft' then 'simulated' else state end, version = version + $5::boolean::int
where org_id = $1 and id = $2 and version = $3;
