-- Another policy than the one simulated is a draft again.
update matching_rules set policy = $4, state = 'draft', simulation = null, simulated_at = null, version = version + 1
where org_id = $1 and id = $2 and version = $3 and state in ('draft', 'simulated');
